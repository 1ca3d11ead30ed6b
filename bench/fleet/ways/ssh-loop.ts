import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Command, run } from '../../support/command.js';
import type { Bed } from '../bed.js';
import type { Control, Version } from '../control.js';
import { site } from '../hosts.js';
import { seeder } from '../seeds.js';
import type { Peer } from '../way.js';

/** What many have instead of a tool: all hosts at once, each fetches an archive and moves a link. */
export const sshLoop: Peer = {
  name: 'ssh loop',
  tools: ['curl'],
  async make({ dir: parent, origin, nodes }, control) {
    const dir = join(parent, 'ssh-loop');
    await mkdir(dir);
    await writeFile(join(dir, 'deploy.sh'), script(nodes, control));
    const bring = (version: Version): Command => ({
      argv: origin.on(['sh', join(dir, 'deploy.sh'), version, control.archiveUrl(version)]),
      cwd: dir,
    });
    return {
      name: sshLoop.name,
      prepare: seeder(nodes, 'ssh-loop', async () => {
        await run(bring('v1'));
      }),
      update: () => bring('v2'),
      end: () => Promise.resolve(),
    };
  },
};

const script = (nodes: Bed['nodes'], { sshConfig }: Control): string => `set -e
there="set -e; mkdir -p ${site}/releases/$1; cd ${site}
  curl -sSf $2 | tar -xz -C releases/$1
  ln -s releases/$1 next; mv -T next current"
for host in ${nodes.map(({ address }) => address).join(' ')}; do
  ssh -F ${sshConfig} "$host" "$there" &
  pids="$pids $!"
done
for pid in $pids; do wait "$pid"; done
`;
