import { readlinkSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { removeUnfinished } from '../../../shared/io/durable-file.js';
import { makeOwnDir, unusableDir } from '../../../shared/io/make-dir.js';
import { CapstanError } from '../../../shared/model/errors.js';
import type { ProcessIdentity } from '../../shim/files.js';
import { bootId, identify, isAlive } from '../../shim/process-identity.js';

/** A directory of the agent's, as people know it. */
type Kept = Parameters<typeof makeOwnDir>[1];

const stateKept: Kept = { mode: 0o700, what: 'The state directory', setting: '--state-dir' };
const rootKept: Kept = { mode: 0o755, what: 'The root', setting: '--root' };

/**
 * One agent per state directory, and per root: two that write releases and links in one place would undo each other's
 * work. Directories that are missing are made. What the last holder left half-written in its state is removed.
 * @returns what releases both
 * @throws CapstanError `failed` if another agent holds one
 */
export function lockDirs(stateDir: string, root: string): () => void {
  const unlockState = lock(stateDir, 'lock', stateKept);
  try {
    const unlockRoot = lock(root, '.capstan-agent.lock', rootKept);
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
function lock(dir: string, name: string, of: Kept): () => void {
  makeOwnDir(dir, of);
  try {
    return lockPath(join(dir, name), dir, of);
  } catch (thrown) {
    throw thrown instanceof CapstanError ? thrown : unusableDir(dir, 'used', of, thrown);
  }
}

function lockPath(path: string, dir: string, { what, setting }: Kept): () => void {
  const boot = bootId();
  const { pid, startTicks } = identify(process.pid, boot) ?? { pid: process.pid, startTicks: '' };
  const own = [pid, startTicks, boot].join(':');
  const refuseIfAlive = (target: string): void => {
    const holder = holderIn(target);
    if (holder.pid === pid || !isAlive(holder, boot)) return;
    throw new CapstanError('failed', `${what} ${dir} is held by another agent (pid ${holder.pid}).`, {
      hint: `Run one agent per ${setting}.`,
    });
  };
  for (let attempt = 0; attempt < 3; attempt++) {
    if (link(own, path)) return () => rmSync(path, { force: true });
    const left = targetOf(path);
    if (left === undefined) continue;
    refuseIfAlive(left);
    if (takeOver(path, left, own, refuseIfAlive)) return () => rmSync(path, { force: true });
  }
  throw new CapstanError('failed', `${what} ${dir} could not be locked.`);
}

/** More than one died while he took the lock over from the one before. */
const maxSuccessors = 10;

/**
 * Puts the own link in the place of one that a dead holder left. Of all who find that link at once only one can make the link
 * that is named after him; whoever comes later finds another link in its place, and withdraws. One who dies on the way
 * is succeeded in the same manner.
 * @param left what the dead holder's link leads to
 * @returns false if somebody else was faster, and it is to be looked again
 */
function takeOver(path: string, left: string, own: string, refuseIfAlive: (target: string) => void): boolean {
  const claims: string[] = [];
  for (let last = left; claims.length < maxSuccessors; ) {
    const claim = `${path}.after-${last.replaceAll(/[^\w.-]/g, '_').slice(0, 150)}`;
    claims.push(claim);
    if (link(own, claim)) {
      if (targetOf(path) !== left) {
        rmSync(claim, { force: true });
        return false;
      }
      renameSync(claim, path);
      for (const done of claims) rmSync(done, { force: true });
      return true;
    }
    const successor = targetOf(claim);
    if (successor === undefined) return false;
    refuseIfAlive(successor);
    last = successor;
  }
  return false;
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

/** undefined: nothing is there; '': something that is no link. */
function targetOf(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT' ? undefined : '';
  }
}

function holderIn(target: string): ProcessIdentity {
  const [pid, startTicks = '', boot = ''] = target.split(':');
  return { pid: Number(pid), startTicks, bootId: boot };
}
