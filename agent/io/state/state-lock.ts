import { readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { removeUnfinished } from '../../../shared/io/durable-file.js';
import { makeDir } from '../../../shared/io/make-dir.js';
import { CapstanError } from '../../../shared/model/errors.js';
import type { ProcessIdentity } from '../../shim/files.js';
import { bootId, identify, isAlive } from '../../shim/process-identity.js';

/**
 * One agent per state directory, and per root: two that write releases and links in one place would undo each other's
 * work. Directories that are missing are made. What the last holder left half-written in its state is removed.
 * @returns what releases both
 * @throws CapstanError `failed` if another agent holds one
 */
export function lockDirs(stateDir: string, root: string): () => void {
  const unlockState = lock(join(stateDir, 'lock'), `The state directory ${stateDir}`, '--state-dir');
  try {
    const unlockRoot = lock(join(root, '.capstan-agent.lock'), `The root ${root}`, '--root');
    removeUnfinished(stateDir);
    return () => {
      unlockRoot();
      unlockState();
    };
  } catch (error) {
    unlockState();
    throw error;
  }
}

/**
 * The lock names its holder by pid, start time and boot, so that one left behind by a crash or a reboot never blocks
 * (balena#1758, #2261). It is the target of a symbolic link: made whole at once or not at all, and without a byte of
 * a disk that may be full.
 */
function lock(path: string, what: string, setting: string): () => void {
  makeDir(dirname(path), setting === '--state-dir' ? 0o700 : 0o755);
  const boot = bootId();
  const own = identify(process.pid, boot) ?? { pid: process.pid, startTicks: '', bootId: boot };
  for (let attempt = 0; attempt < 3; attempt++) {
    if (link([own.pid, own.startTicks, own.bootId].join(':'), path))
      return () => rmSync(path, { force: true });
    const holder = readHolder(path);
    if (holder !== undefined && holder.pid !== process.pid && isAlive(holder, boot)) {
      throw new CapstanError('failed', `${what} is held by another agent (pid ${holder.pid}).`, {
        hint: `Run one agent per ${setting}.`,
      });
    }
    rmSync(path, { force: true });
  }
  throw new CapstanError('failed', `${what} could not be locked.`);
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
