import { createInterface } from 'node:readline';
import { lockDirs } from '../../../agent/io/state/state-lock.js';
import { CapstanError } from '../../../shared/model/errors.js';

/** One turn: both directories are to be locked at a moment, in milliseconds since the epoch. */
export interface LockTurn {
  readonly at: number;
  readonly stateDir: string;
  readonly root: string;
}

const now = (): number => performance.timeOrigin + performance.now();

let unlock = (): void => undefined;
createInterface({ input: process.stdin }).on('line', (line) => {
  unlock();
  unlock = () => undefined;
  const { at, stateDir, root } = JSON.parse(line) as LockTurn;
  while (now() < at);
  try {
    unlock = lockDirs(stateDir, root);
    process.stdout.write('held\n');
  } catch (thrown) {
    process.stdout.write(`${CapstanError.from(thrown).message}\n`);
  }
});
process.stdout.write('ready\n');
