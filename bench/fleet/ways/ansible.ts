import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { killProcessesIn } from '../../../test/support/processes.js';
import { type Command, run } from '../../support/command.js';
import type { Bed } from '../bed.js';
import type { Control, Version } from '../control.js';
import { site } from '../hosts.js';
import { seeder } from '../seeds.js';
import type { Peer } from '../way.js';

/** A playbook of three tasks, on all hosts at once, with what its manual advises for speed. */
export const ansible: Peer = {
  name: 'ansible',
  tools: ['ansible-playbook'],
  async make({ dir: parent, origin, nodes }, control) {
    const dir = join(parent, 'ansible');
    await mkdir(dir);
    await writeFile(join(dir, 'ansible.cfg'), config(nodes, control));
    await writeFile(join(dir, 'hosts'), inventory(nodes));
    await writeFile(join(dir, 'deploy.yml'), playbook);
    const bring = (version: Version): Command => {
      const values = ['-e', `release=${version}`, '-e', `archive=${control.archiveUrl(version)}`];
      return {
        argv: origin.on(['ansible-playbook', ...values, join(dir, 'deploy.yml')]),
        cwd: dir,
        env: { HOME: dir, LC_ALL: 'C.UTF-8', ANSIBLE_CONFIG: join(dir, 'ansible.cfg') },
      };
    };
    const end = (): Promise<void> => killProcessesIn(dir); // the connections that it keeps for a while
    return {
      name: ansible.name,
      prepare: seeder(nodes, 'ansible', async () => {
        await run(bring('v1'));
        await end();
      }),
      update: () => bring('v2'),
      end,
    };
  },
};

const config = (nodes: Bed['nodes'], { sshConfig }: Control): string => `[defaults]
inventory = hosts
forks = ${nodes.length}
gathering = explicit
host_key_checking = False
retry_files_enabled = False
[ssh_connection]
pipelining = True
ssh_common_args = -F ${sshConfig}
`;

const inventory = (nodes: Bed['nodes']): string => `[web]
${nodes.map(({ address }) => address).join('\n')}
[web:vars]
ansible_user=root
ansible_python_interpreter=/usr/bin/python3
`;

const playbook = `- hosts: web
  tasks:
    - ansible.builtin.file:
        path: ${site}/releases/{{ release }}
        state: directory
    - ansible.builtin.unarchive:
        src: '{{ archive }}'
        dest: ${site}/releases/{{ release }}
        remote_src: true
    - ansible.builtin.file:
        src: releases/{{ release }}
        dest: ${site}/current
        state: link
`;
