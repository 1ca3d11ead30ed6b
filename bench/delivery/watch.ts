import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { cleanUp } from '../../test/support/cleanup.js';
import type { Change } from './prober.js';

export interface Subject {
  readonly kind: 'file' | 'http';
  /** A path, or a port of loopback. */
  readonly where: string;
  /** A command that turns into the one named after it, such as `nsenter`. */
  readonly through?: readonly string[];
}

/**
 * Watches what serves while something is done to it.
 * @returns the one change that it made
 * @throws Error if it made none within a while, or more than one
 */
export async function watched(
  { kind, where, through = [] }: Subject,
  action: () => Promise<void>,
): Promise<Change> {
  const prober = fileURLToPath(new URL('prober.ts', import.meta.url));
  const [program, ...args] = [...through, process.execPath, ...process.execArgv, prober, kind, where];
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  cleanUp(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  await nextOf(lines); // it has had an answer
  await action();
  const change = JSON.parse(await nextOf(lines)) as Change;
  const exited = once(child, 'exit');
  child.stdin.end();
  await exited;
  const more: IteratorResult<string, unknown> = await lines.next();
  if (more.done !== true) throw new Error(`${where} changed again: ${more.value}`);
  return change;
}

const limitMs = 30_000;

async function nextOf(lines: AsyncIterator<string, unknown>): Promise<string> {
  const late = new Promise<never>((_resolve, reject) => {
    setTimeout(() => {
      reject(new Error(`nothing was answered, or changed, within ${limitMs} ms`));
    }, limitMs).unref();
  });
  const line = await Promise.race([lines.next(), late]);
  if (line.done === true) throw new Error('the prober has ended');
  return line.value;
}
