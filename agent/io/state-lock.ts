import { mkdirSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { removeUnfinished } from '../../shared/io/durable-file.js';
import { CapstanError } from '../../shared/model/errors.js';
import type { ProcessIdentity } from '../shim/files.js';
import { bootId, identify, isAlive } from '../shim/process-identity.js';

/**
 * One agent per state directory. The lock names its holder by pid, start time and boot, so that one left behind by a
 * crash or a reboot never blocks (balena#1758, #2261). It is the target of a symbolic link: made whole at once or not
 * at all, and without a byte of a disk that may be full. What the last holder left half-written is removed.
 * @returns what releases it
 * @throws CapstanError `failed` if another agent holds it
 */
export function lockStateDir(stateDir: string): () => void {
  mkdirSync(stateDir, { recursive: true, mode: 0o700 });
  const path = join(stateDir, 'lock');
  const boot = bootId();
  const own = identify(process.pid, boot) ?? { pid: process.pid, startTicks: '', bootId: boot };
  for (let attempt = 0; attempt < 3; attempt++) {
    if (link([own.pid, own.startTicks, own.bootId].join(':'), path)) {
      removeUnfinished(stateDir);
      return () => rmSync(path, { force: true });
    }
    const holder = readHolder(path);
    if (holder !== undefined && holder.pid !== process.pid && isAlive(holder, boot)) {
      throw new CapstanError(
        'failed',
        `The state directory ${stateDir} is held by another agent (pid ${holder.pid}).`,
        { hint: 'Run one agent per --state-dir.' },
      );
    }
    rmSync(path, { force: true });
  }
  throw new CapstanError('failed', `The state directory ${stateDir} could not be locked.`);
}

function link(target: string, path: string): boolean {
  try {
    symlinkSync(target, path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

function readHolder(path: string): ProcessIdentity | undefined {
  try {
    const [pid, startTicks = '', boot = ''] = readlinkSync(path).split(':');
    return { pid: Number(pid), startTicks, bootId: boot };
  } catch {
    return undefined;
  }
}
