import { createReadStream } from 'node:fs';
import { readdir, readlink } from 'node:fs/promises';

/** How the tables of TCP sockets write the state of one that takes connections. */
export const listening = '0A';

/** A process with more open files is not looked through. */
const maxFiles = 65_536;

/**
 * The rows of a table of the kernel, such as `/proc/net/tcp`, each in its fields; the heading is left out.
 * @throws RangeError where the table is longer than `maxBytes`; a system error if it cannot be read
 */
export async function* tableRows(path: string, maxBytes: number): AsyncGenerator<readonly string[]> {
  let rest = '';
  let size = 0;
  let isHeading = true;
  for await (const chunk of createReadStream(path, { encoding: 'latin1' })) {
    const text = String(chunk);
    size += text.length;
    if (size > maxBytes) throw new RangeError(`${path} has more than ${maxBytes} bytes`);
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (!isHeading) yield line.trim().split(/\s+/);
      isHeading = false;
    }
  }
}

/**
 * The inodes of the sockets that a process has open; none if there is no such process.
 * @returns undefined if it may not be looked into, or has too many files open
 */
export async function socketsOf(pid: number): Promise<ReadonlySet<string> | undefined> {
  const folder = `/proc/${pid}/fd`;
  const inodes = new Set<string>();
  try {
    const names = await readdir(folder);
    if (names.length > maxFiles) return undefined;
    for (const name of names) {
      const target = await readlink(`${folder}/${name}`).catch(() => ''); // closed meanwhile
      const [, inode] = /^socket:\[(\d+)\]$/.exec(target) ?? [];
      if (inode !== undefined) inodes.add(inode);
    }
    return inodes;
  } catch (error) {
    return isGone(error) ? inodes : undefined;
  }
}

/** Whether there is no such process, or no such table, for example where the kernel has no IPv6. */
export const isGone = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH');
