import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CapstanError } from '../../shared/model/errors.js';
import type { ProcessIdentity } from '../shim/files.js';
import { bootId, identify, isAlive } from '../shim/process-identity.js';

/**
 * One agent per state directory. The lock names its holder by pid, start time and boot, so that one left behind by a
 * crash or a reboot never blocks (balena#1758, #2261).
 * @returns what releases it
 * @throws CapstanError `failed` if another agent holds it
 */
export function lockStateDir(stateDir: string): () => void {
  mkdirSync(stateDir, { recursive: true, mode: 0o700 });
  const path = join(stateDir, 'lock');
  const boot = bootId();
  const own = `${path}.${process.pid}`;
  writeFileSync(own, JSON.stringify(identify(process.pid, boot) ?? {}), { mode: 0o600 });
  try {
    for (let attempt = 0; attempt < 3; attempt++) {
      if (link(own, path)) return () => rmSync(path, { force: true });
      const holder = readHolder(path);
      if (holder !== undefined && holder.pid !== process.pid && isAlive(holder, boot)) {
        throw new CapstanError(
          'failed',
          `The state directory ${stateDir} is held by another agent (pid ${holder.pid}).`,
          {
            hint: 'Run one agent per --state-dir.',
          },
        );
      }
      rmSync(path, { force: true });
    }
    throw new CapstanError('failed', `The state directory ${stateDir} could not be locked.`);
  } finally {
    rmSync(own, { force: true });
  }
}

/** Makes the lock whole at once or not at all: a file that exists half-written would be nobody's. */
function link(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

function readHolder(path: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as ProcessIdentity;
  } catch {
    return undefined;
  }
}
