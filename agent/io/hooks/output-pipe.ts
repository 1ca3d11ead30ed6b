import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, closeSync, constants, openSync, readSync, rmSync } from 'node:fs';
import { promisify } from 'node:util';
import type { HostUser } from '../../core/users.js';

const make = promisify(execFile);
const chunkBytes = 64 * 1024;
/** At most so many chunks a look, so that who prints without end is slowed down and not the agent. */
const chunksPerLook = 4;
const fastestMs = 10;
const slowestMs = 160;

export interface OutputPipe {
  /** For the program to print to. */
  readonly end: number;
  /** To be called once the program has it. */
  closeEnd(): void;
  /** Takes what is there now and no more, whoever else still holds the pipe (codedeploy#118), and closes it. */
  finish(): void;
}

/**
 * A pipe that a program prints to and that is looked at now and then, never waited for. It is a named one for a moment,
 * so that it can be made to belong to the program's user: programs open /dev/stderr anew.
 */
export async function openOutputPipe(
  path: string,
  user: HostUser | undefined,
  take: (chunk: Uint8Array) => void,
): Promise<OutputPipe> {
  const name = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  let source: number | undefined;
  let end: number;
  try {
    await make('mkfifo', ['-m', '600', name], { timeout: 5_000 });
    if (user !== undefined) chownSync(name, user.uid, user.gid);
    source = openSync(name, constants.O_RDONLY | constants.O_NONBLOCK);
    end = openSync(name, constants.O_WRONLY);
  } catch (error) {
    if (source !== undefined) closeSync(source);
    throw error;
  } finally {
    rmSync(name, { force: true });
  }
  return reader(source, end, take);
}

function reader(source: number, end: number, take: (chunk: Uint8Array) => void): OutputPipe {
  const buffer = Buffer.allocUnsafe(chunkBytes);
  const look = (chunks: number): boolean => {
    let found = false;
    for (let count = 0; count < chunks; count++) {
      const size = readNow(source, buffer);
      if (size === 0) break;
      found = true;
      take(Uint8Array.prototype.slice.call(buffer, 0, size));
    }
    return found;
  };
  let pauseMs = fastestMs;
  let timer: NodeJS.Timeout;
  const wait = (): void => {
    timer = setTimeout(() => {
      pauseMs = look(chunksPerLook) ? fastestMs : Math.min(slowestMs, pauseMs * 2);
      wait();
    }, pauseMs);
  };
  wait();
  return {
    end,
    closeEnd: () => {
      closeSync(end);
    },
    finish: () => {
      clearTimeout(timer);
      // What a pipe can hold, and a little more; a descendant may still be printing.
      look(2 * chunksPerLook);
      closeSync(source);
    },
  };
}

/** 0 if nothing is there, be it for now or for good. */
function readNow(source: number, buffer: Uint8Array): number {
  try {
    return readSync(source, buffer);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EAGAIN') return 0;
    throw error;
  }
}
