import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '../../test/support/eventually.js';
import { run, shell, startServer } from '../support/command.js';
import { startNginx } from '../support/nginx.js';
import { findTool } from '../support/tools.js';
import type { Bed } from './bed.js';

/** What all peers need. */
export const controlTools: readonly string[] = ['sshd', 'ssh', 'ssh-keygen', 'nginx', 'tar', 'gzip'];

const archivePort = 8080;
export type Version = 'v1' | 'v2';

/** How peers reach the hosts, and where they find releases. */
export interface Control {
  /** For `ssh -F`. */
  readonly sshConfig: string;
  readonly key: string;
  /** Of a release as tar.gz, at the origin. */
  archiveUrl(version: Version): string;
}

/** Starts an SSH daemon on every host, and a web server with both releases at the origin. They end with the run. */
export async function startControl(bed: Bed): Promise<Control> {
  const { origin, nodes, pair } = bed;
  const dir = join(bed.dir, 'control');
  const served = join(dir, 'served');
  await mkdir(served, { recursive: true });
  for (const version of ['v1', 'v2'] as const) {
    const line = `tar -C ${pair[version]} --owner=0 --group=0 -c . | gzip -6 > ${version}.tar.gz`;
    await run({ argv: shell(line), cwd: served });
  }
  const [first = origin] = nodes;
  const link = { name: '', address: origin.address, onOrigin: origin.on, onNode: first.on };
  const { url } = await startNginx(join(dir, 'nginx'), served, link, archivePort);
  const sshConfig = await startSsh(dir, bed);
  return { sshConfig, key: join(dir, 'key'), archiveUrl: (version) => `${url}/${version}.tar.gz` };
}

/** @returns the configuration for clients */
async function startSsh(dir: string, { origin, nodes }: Bed): Promise<string> {
  for (const name of ['key', 'host-key']) {
    await run({ argv: ['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', name], cwd: dir });
  }
  const [client, server] = [join(dir, 'ssh_config'), join(dir, 'sshd_config')];
  await writeFile(client, clientConfig(dir));
  await writeFile(server, serverConfig(dir));
  const sshd = findTool('sshd') ?? 'sshd'; // it insists on its full path
  for (const { on, address } of nodes) {
    startServer({ argv: on([sshd, '-D', '-e', '-f', server, '-o', `ListenAddress=${address}`]), cwd: dir });
  }
  for (const { address } of nodes) {
    const argv = origin.on(['ssh', '-F', client, address, 'true']);
    await eventually(() => run({ argv, cwd: dir }), { what: `the SSH daemon of ${address}` });
  }
  return client;
}

const clientConfig = (dir: string): string => `User root
IdentityFile ${dir}/key
BatchMode yes
StrictHostKeyChecking no
UserKnownHostsFile /dev/null
LogLevel ERROR
`;

const serverConfig = (dir: string): string => `HostKey ${dir}/host-key
AuthorizedKeysFile ${dir}/key.pub
StrictModes no
PermitRootLogin prohibit-password
PasswordAuthentication no
UsePAM no
UseDNS no
PidFile none
LogLevel ERROR
Subsystem sftp internal-sftp
`;
