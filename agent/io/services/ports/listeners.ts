import { isIPv4, isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';
import { listening, tableRows } from './kernel-tables.js';

/** A socket that takes connections at an address. */
interface Listener {
  /** As the kernel writes it. */
  readonly inode: string;
  /** 0: bound to the very address; 1: to every one of its family; 2: to every IPv6 address, and so to IPv4 as well. */
  readonly tier: number;
}

/** All listening sockets of a host fit in far less. Bytes. */
const maxTableBytes = 4 * 1024 * 1024;

/** The addresses of this host that a name or address of a probe means; none if it means another host, or it is not known. */
export function ownAddresses(host: string): readonly string[] {
  if (host === 'localhost') return ['127.0.0.1', '::1'];
  if (isIPv4(host) && host.startsWith('127.')) return [host];
  if (host === '::1') return [host];
  if (host === '0.0.0.0') return ['127.0.0.1'];
  if (host === '::') return ['::1'];
  const own = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return own.some(({ address }) => address === host) ? [host] : [];
}

/**
 * The sockets that answer connections to one of the addresses, by inode.
 * @param tables `/proc/net/tcp` and `/proc/net/tcp6`
 */
export async function listenersAt(
  addresses: readonly string[],
  port: number,
  tables: { readonly tcp: string; readonly tcp6: string } = { tcp: '/proc/net/tcp', tcp6: '/proc/net/tcp6' },
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  const [tcp, tcp6] = await Promise.all([listeningRows(tables.tcp), listeningRows(tables.tcp6)]);
  const wantedPort = port.toString(16).toUpperCase().padStart(4, '0');
  for (const address of addresses) {
    const exact = kernelAddress(address);
    const listeners: Listener[] = [];
    for (const fields of [...tcp, ...tcp6]) {
      const [local = '', localPort = ''] = (fields[1] ?? '').split(':');
      const inode = fields[9];
      if (localPort !== wantedPort || inode === undefined || inode === '0') continue;
      const tier = tierOf(local, exact);
      if (tier !== undefined) listeners.push({ inode, tier });
    }
    const best = Math.min(...listeners.map(({ tier }) => tier));
    for (const { inode, tier } of listeners) if (tier === best) found.add(inode);
  }
  return found;
}

/** How well a socket's own address takes what is sent to `wanted`; undefined: it does not. */
function tierOf(local: string, wanted: string): number | undefined {
  if (local === wanted) return 0;
  const sameFamily = local.length === wanted.length;
  if (/^0+$/.test(local)) return sameFamily ? 1 : local.length === 32 ? 2 : undefined;
  // An IPv4 address bound by an IPv6 socket.
  return !sameFamily && local === `0000000000000000FFFF0000${wanted}` ? 0 : undefined;
}

/** An address as the tables have it: words of four bytes in this machine's order, in hexadecimal digits. */
function kernelAddress(address: string): string {
  const bytes = isIPv6(address) ? ipv6Bytes(address) : address.split('.').map(Number);
  const words: string[] = [];
  for (let at = 0; at < bytes.length; at += 4) {
    const word = bytes.slice(at, at + 4);
    const inOrder = littleEndian ? word.toReversed() : word;
    words.push(inOrder.map((byte) => byte.toString(16).toUpperCase().padStart(2, '0')).join(''));
  }
  return words.join('');
}

const littleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

function ipv6Bytes(address: string): number[] {
  // The platform's own parser writes every form of an address in one way, without IPv4 in it.
  const plain = new URL(`http://[${address.replace(/%.*$/, '')}]`).hostname.slice(1, -1);
  const [head = '', tail] = plain.split('::');
  const groups = (text: string | undefined): string[] =>
    text === undefined || text === '' ? [] : text.split(':');
  const before = groups(head);
  const after = groups(tail);
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0');
  return [...before, ...(tail === undefined ? [] : zeros), ...after].flatMap((group) => {
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 0xff];
  });
}

/**
 * The kernel lists the sockets that listen before all connections, of which there may be a hundred thousand: reading
 * ends at the first of those.
 */
async function listeningRows(table: string): Promise<readonly (readonly string[])[]> {
  const rows: (readonly string[])[] = [];
  try {
    for await (const fields of tableRows(table, maxTableBytes)) {
      if (fields[3] !== listening) break;
      rows.push(fields);
    }
  } catch {
    // Without IPv6 there is no such table; without /proc nothing is known.
  }
  return rows;
}
