export interface TarEntry {
  /** Its characters are the name's bytes. */
  readonly name: string;
  /** ustar type: 0 file, 1 hard link, 2 symlink, 3 and 4 devices, 5 folder, 6 FIFO, x what is said of the next one. */
  readonly type?: '0' | '1' | '2' | '3' | '4' | '5' | '6' | 'x';
  readonly mode?: number;
  readonly target?: string;
  readonly body?: string;
}

/** A ustar archive of these entries, whatever they are: well-behaved tools refuse to write most of them. */
export function tarOf(entries: readonly TarEntry[]): Buffer {
  const blocks = entries.flatMap((entry) => {
    const body = Buffer.from(entry.body ?? '');
    return [header(entry, body.length), body, Buffer.alloc((512 - (body.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

function header({ name, type = '0', mode = 0o644, target = '' }: TarEntry, size: number): Buffer {
  const block = Buffer.alloc(512);
  const octal = (value: number, width: number): string => `${value.toString(8).padStart(width - 1, '0')}\0`;
  block.write(name, 0, 100, 'latin1');
  block.write(octal(mode, 8), 100);
  block.write(octal(0, 8), 108);
  block.write(octal(0, 8), 116);
  block.write(octal(size, 12), 124);
  block.write(octal(0, 12), 136);
  block.fill(' ', 148, 156);
  block.write(type, 156);
  block.write(target, 157, 100);
  block.write('ustar\0', 257);
  block.write('00', 263);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

/** Says what the next entry is called, as pax does: the length of all, itself included, then key and value. */
export function paxPath(path: string): TarEntry {
  const rest = ` path=${path}\n`;
  const bytes = Buffer.byteLength(rest);
  const length = [1, 2, 3, 4, 5].find((digits) => String(bytes + digits).length === digits) ?? 0;
  return { name: 'pax', type: 'x', body: `${bytes + length}${rest}` };
}
