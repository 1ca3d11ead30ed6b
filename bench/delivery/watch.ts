import { spawn } from 'node:child_process';
import { once } from 'node:events';
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
 * @throws Error if it made none, or more than one
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
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => void (said += chunk));
  await once(child.stdout, 'data', { signal: AbortSignal.timeout(30_000) }); // it has had an answer
  await action();
  const exited = once(child, 'close');
  child.stdin.end();
  await exited;
  const { changes } = JSON.parse(said.split('\n').at(-2) ?? '') as { readonly changes: readonly Change[] };
  const [change, ...more] = changes;
  if (change === undefined || more.length > 0) {
    throw new Error(`${where} changed ${changes.length} times, from ${change?.from ?? '?'} on`);
  }
  return change;
}
