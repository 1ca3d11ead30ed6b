import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cleanUp } from '../../test/support/cleanup.js';

export interface BareNode {
  readonly pid: number;
  end(): Promise<void>;
}

/** A Node process that does nothing but stay; resolves when its first line is there. */
export async function startBareNode(): Promise<BareNode> {
  const program = 'console.log("up"); setInterval(() => {}, 1e3)';
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  const end = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  cleanUp(end);
  await once(child.stdout, 'data');
  return { pid: child.pid ?? -1, end };
}
