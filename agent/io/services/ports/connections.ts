import { isGone, listening, socketsOf, tableRows } from './kernel-tables.js';

/** A TCP socket as the kernel lists it. */
interface TcpSocket {
  /** `address:port` in the kernel's hexadecimal digits. */
  readonly local: string;
  readonly remote: string;
  readonly state: string;
  readonly inode: string;
}

/** Somebody may still send or be answered here: established, about to be, and ended by the other side only. */
const busyStates: ReadonlySet<string> = new Set(['01', '03', '08']);
/** The flag of a UNIX socket that takes connections. */
const unixListening = '00010000';

/** A longer table, and a service of more processes are not looked through. */
const maxTableBytes = 16 * 1024 * 1024;
const maxProcesses = 4096;

/** An IPv4 address in the table of IPv6 sockets. */
const mappedPrefix = '0000000000000000FFFF0000';

/**
 * How many TCP connections others have to the ports that a service listens on; not counted are those of the agent,
 * whose probes keep some, and those that the service has to itself.
 * @param members the processes of the service
 * @returns undefined if it cannot be known: it listens on no TCP port of this network namespace, or on a UNIX socket
 * as well; its processes may not be looked into; there is too much to look through
 */
export async function connectionsTo(members: readonly number[]): Promise<number | undefined> {
  if (members.length > maxProcesses) return undefined;
  const held = await socketsOfAll(members);
  const own = await socketsOf(process.pid);
  if (held === undefined || own === undefined) return undefined;
  const unix = await readTable('/proc/net/unix', unixListener);
  const [tcp, tcp6] = [
    await readTable('/proc/net/tcp', tcpSocket),
    await readTable('/proc/net/tcp6', tcpSocket),
  ];
  if (unix === undefined || tcp === undefined || tcp6 === undefined) return undefined;
  if (unix.some((inode) => held.has(inode))) return undefined;
  const sockets = [...tcp, ...tcp6];
  const listeners = new Set(
    sockets.filter(({ state, inode }) => state === listening && held.has(inode)).map(({ local }) => local),
  );
  if (listeners.size === 0) return undefined;
  const familiar = new Set(
    sockets
      .filter(({ inode }) => own.has(inode) || held.has(inode))
      .map(({ local, remote }) => `${remote} ${local}`),
  );
  return sockets.filter(
    (socket) =>
      busyStates.has(socket.state) &&
      (listeners.has(socket.local) || listeners.has(anyAddress(socket.local))) &&
      !familiar.has(`${socket.local} ${socket.remote}`),
  ).length;
}

/** How a socket is listed that listens at this port on all addresses. */
const anyAddress = (local: string): string => local.replace(/^[0-9A-F]+/, '0');

function tcpSocket(fields: readonly string[]): TcpSocket | undefined {
  const [, local, remote, state] = fields;
  const inode = fields[9];
  if (local === undefined || remote === undefined || state === undefined || inode === undefined)
    return undefined;
  return { local: plain(local), remote: plain(remote), state, inode };
}

/** IPv4 addresses in one way, whichever table they are from; those that mean all addresses as `0`. */
const plain = (address: string): string =>
  (address.startsWith(mappedPrefix) ? address.slice(mappedPrefix.length) : address).replace(/^0+(?=:)/, '0');

/** The inode of a UNIX socket that takes connections. */
const unixListener = (fields: readonly string[]): string | undefined =>
  fields[3] === unixListening ? fields[6] : undefined;

/** [] if the kernel has no table of the kind, undefined if it is too long. */
async function readTable<Row>(
  path: string,
  parse: (fields: readonly string[]) => Row | undefined,
): Promise<readonly Row[] | undefined> {
  const rows: Row[] = [];
  try {
    for await (const fields of tableRows(path, maxTableBytes)) {
      const row = parse(fields);
      if (row !== undefined) rows.push(row);
    }
    return rows;
  } catch (error) {
    return isGone(error) ? [] : undefined;
  }
}

/** The inodes of all sockets that these processes have open; undefined if one of them cannot be looked into. */
async function socketsOfAll(pids: readonly number[]): Promise<ReadonlySet<string> | undefined> {
  const inodes = new Set<string>();
  for (const pid of pids) {
    const held = await socketsOf(pid);
    if (held === undefined) return undefined;
    for (const inode of held) inodes.add(inode);
  }
  return inodes;
}
