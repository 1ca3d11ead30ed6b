import { readdirSync, readFileSync } from 'node:fs';
import { socketsOf } from './kernel-tables.js';
import { listenersAt, ownAddresses } from './listeners.js';

/** Above this many processes it is left open who listens. */
const maxProcesses = 4096;

/**
 * Who listens where a probe asks, if it is somebody else than the service: an orphan on the port looks healthy.
 * @param members the processes of the service
 * @returns a complaint; '' if the service listens there, or it cannot be known: the address is of another host, nobody of this
 * network namespace listens (it may be forwarded), or processes of others may not be looked into
 */
export async function strangerAt(
  { host, port }: { readonly host: string; readonly port: number },
  members: () => Iterable<number>,
): Promise<string> {
  const inodes = await listenersAt(ownAddresses(host), port);
  if (inodes.size === 0) return '';
  const own = [...members()].slice(0, maxProcesses);
  if (own.length === 0) return '';
  const held = await Promise.all(own.map((pid) => holds(pid, inodes)));
  if (held.includes(true) || held.includes(undefined)) return '';
  const pid = await whoHolds(inodes, new Set(own));
  // The first process holds what it hands over when somebody connects.
  if (pid === undefined || pid === 1) return '';
  const name = nameOf(pid);
  return `pid ${pid}${name === '' ? '' : ` (${name})`} listens on ${host}:${port}, and is not part of the service`;
}

/** Whether one of the sockets is among what a process has open; undefined: it cannot be looked into. */
async function holds(pid: number, inodes: ReadonlySet<string>): Promise<boolean | undefined> {
  const held = await socketsOf(pid);
  return held && [...inodes].some((inode) => held.has(inode));
}

/** Looks through all processes, one after another, for the agent has other things to do as well. */
async function whoHolds(
  inodes: ReadonlySet<string>,
  except: ReadonlySet<number>,
): Promise<number | undefined> {
  const pids = readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && !except.has(pid));
  for (const pid of pids.slice(0, maxProcesses)) if ((await holds(pid, inodes)) === true) return pid;
  return undefined;
}

function nameOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  } catch {
    return '';
  }
}
