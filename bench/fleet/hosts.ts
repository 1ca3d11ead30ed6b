import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { cleanUp } from '../../test/support/cleanup.js';
import { run, shell } from '../support/command.js';
import type { Host } from '../support/fabric.js';

const script = fileURLToPath(new URL('host.sh', import.meta.url));

/** Where the application is on each host; `current` in it is what is live. */
export const site = '/srv/www/web';

/** The same host with mounts of its own beside its network: `/srv` and `/run` are empty, in memory, and seen there only. */
export async function withOwnMounts(host: Host): Promise<Host> {
  const [program = '', ...args] = host.on(['unshare', '--mount', 'sh', script]);
  const keeper = spawn(program, args, {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true, // an interrupt at the terminal is not for it: it ends with its standard input
  });
  cleanUp(async () => {
    keeper.stdin.end();
    if (keeper.exitCode === null && keeper.signalCode === null) await once(keeper, 'exit');
  });
  const ended = once(keeper, 'exit').then(([code]) => {
    throw new Error(`no mounts of its own could be made for ${host.name}: exit code ${String(code)}`);
  });
  await Promise.race([once(keeper.stdout, 'data'), ended]);
  const mounts = `--mount=/proc/${keeper.pid ?? 0}/ns/mnt`;
  return { ...host, on: (argv) => host.on(['nsenter', mounts, '--', ...argv]) };
}

/** Runs a shell command line on all hosts, one after the other. */
export async function onAll(hosts: readonly Host[], line: string): Promise<void> {
  for (const { on } of hosts) await run({ argv: on(shell(line)), cwd: '/' });
}
