import { spawn } from 'node:child_process';
import { CapstanError } from '../../../shared/model/errors.js';
import type { Host } from '../host.js';

/** No event is dealt with for longer: then the command and what it started is killed. Milliseconds. */
const timeoutMs = 300_000;

/** One event for a command of the user. */
export interface HandedOver {
  readonly position: number;
  readonly kind: string;
}

/**
 * Runs a command line of the shell with one event as a line of JSON on its standard input, and waits until it has dealt with it. It
 * stands apart from the terminal: Ctrl-C lets it finish.
 * @throws CapstanError `failed` if it ends with anything but 0
 */
export async function handOver(
  command: string,
  event: HandedOver,
  { env }: Pick<Host, 'env'>,
): Promise<void> {
  const child = spawn('/bin/sh', ['-c', command], {
    env: { ...env },
    detached: true,
    stdio: ['pipe', 'inherit', 'inherit'],
  });
  child.stdin.on('error', () => undefined); // it need not read it
  child.stdin.end(`${JSON.stringify(event)}\n`);
  const { pid } = child;
  const timer = setTimeout(() => {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  }, timeoutMs);
  const how = await new Promise<string>((resolve) => {
    child.once('error', (error) => {
      resolve(`could not be started (${error.message})`);
    });
    child.once('exit', (code, signal) => {
      resolve(
        code === 0 ? '' : code === null ? `was ended by ${signal ?? 'a signal'}` : `ended with ${code}`,
      );
    });
  });
  clearTimeout(timer);
  if (how === '') return;
  const message = `The command ${how} at event ${event.position} (${event.kind}).`;
  throw new CapstanError('failed', message, { hint: 'The event comes again, first of all, the next time.' });
}
