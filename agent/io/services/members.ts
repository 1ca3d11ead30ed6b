import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseProcessStat } from '../../../shared/core/proc-stat.js';

/** Where the control groups of systemd are: version 2, hybrid, version 1. */
const hierarchies = ['/sys/fs/cgroup', '/sys/fs/cgroup/unified', '/sys/fs/cgroup/systemd'];
const maxGroups = 256;

/** The processes of a control group and of those below it; none if there is no such group. */
export function groupMembers(cgroup: string): readonly number[] {
  // The root of all groups holds everybody, and means that nothing is known.
  if (cgroup === '' || cgroup === '/') return [];
  for (const root of hierarchies) {
    const pids = membersBelow(join(root, cgroup));
    if (pids.length > 0) return pids;
  }
  return [];
}

function membersBelow(folder: string): readonly number[] {
  const pids: number[] = [];
  const folders = [folder];
  for (let at = 0; at < folders.length && at < maxGroups; at += 1) {
    const group = folders[at] ?? '';
    try {
      const text = readFileSync(join(group, 'cgroup.procs'), 'latin1');
      pids.push(
        ...text
          .split('\n')
          .filter((line) => line !== '')
          .map(Number),
      );
      const entries = readdirSync(group, { withFileTypes: true });
      folders.push(...entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(group, name)));
    } catch {
      // It is gone, with its processes.
    }
  }
  return pids;
}

/**
 * The processes that a process started, and those that they started, itself included: by parent, group and session, so
 * that one whose parent has ended still counts.
 */
export function descendants(leader: number): readonly number[] {
  const children = new Map<number, number[]>();
  const found = new Set<number>([leader]);
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    try {
      const stat = parseProcessStat(readFileSync(`/proc/${pid}/stat`, 'latin1'));
      if (stat === undefined) continue;
      const { parent, group, session } = stat;
      if (group === leader || session === leader) found.add(pid);
      children.set(parent, [...(children.get(parent) ?? []), pid]);
    } catch {
      // It has ended.
    }
  }
  // A set is walked in the order in which it grows.
  for (const pid of found) for (const child of children.get(pid) ?? []) found.add(child);
  return [...found];
}
