import { readFileSync } from 'node:fs';
import { hasEnded, type ProcessStat, parseProcessStat } from '../../shared/core/proc-stat.js';
import type { ProcessIdentity } from './files.js';

/**
 * What is another one after each start of the host. A container keeps the kernel's id when it is started again, but its
 * first process is another one.
 */
export function bootId(): string {
  const kernel = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  const first = identify(1, kernel);
  return first === undefined ? kernel : `${kernel}.${first.startTicks}`;
}

/** Who has this pid now; undefined if nobody, or only a zombie. */
export function identify(pid: number, boot: string): ProcessIdentity | undefined {
  const stat = statOf(pid);
  return stat === undefined ? undefined : { pid, startTicks: stat.startTicks, bootId: boot };
}

/** What the kernel says of a process; undefined if there is none, or only a zombie. */
export function statOf(pid: number): ProcessStat | undefined {
  try {
    const stat = parseProcessStat(readFileSync(`/proc/${pid}/stat`, 'latin1'));
    return stat === undefined || hasEnded(stat) ? undefined : stat;
  } catch {
    return undefined;
  }
}

/**
 * True while that very process lives. The kernel's part of the id is enough, for ticks are counted from its start; and
 * agents of before noted no more.
 */
export function isAlive(identity: ProcessIdentity | undefined, boot: string): boolean {
  if (identity === undefined || kernelOf(identity.bootId) !== kernelOf(boot)) return false;
  return identify(identity.pid, boot)?.startTicks === identity.startTicks;
}

const kernelOf = (boot: string): string | undefined => boot.split('.', 1)[0];

/** Sends a signal to a process group; a group that is gone is fine. */
export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // Nobody is left in it.
  }
}

/** True while anybody of the group is there. */
export function groupExists(pid: number): boolean {
  try {
    process.kill(-pid, 0);
    return true;
  } catch {
    return false;
  }
}
