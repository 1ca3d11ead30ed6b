import { gzipSync } from 'node:zlib';

interface Entry {
  readonly name: string;
  /** ustar type: 0 file, 1 hard link, 2 symlink, 3 character device, 5 folder. */
  readonly type?: '0' | '1' | '2' | '3' | '5';
  readonly mode?: number;
  readonly target?: string;
  readonly body?: string;
}

/** A ustar archive of these entries, whatever they are: well-behaved tools refuse to write most of them. */
function tarOf(entries: readonly Entry[]): Buffer {
  const blocks = entries.flatMap((entry) => {
    const body = Buffer.from(entry.body ?? '');
    return [header(entry, body.length), body, Buffer.alloc((512 - (body.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

function header({ name, type = '0', mode = 0o644, target = '' }: Entry, size: number): Buffer {
  const block = Buffer.alloc(512);
  const octal = (value: number, width: number): string => `${value.toString(8).padStart(width - 1, '0')}\0`;
  block.write(name, 0, 100);
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

const good: Entry = { name: 'index.html', body: 'hello' };

/** Archives that no release may come from, and what the refusal has to name. */
export const badArchives: Readonly<Record<string, { readonly bytes: Buffer; readonly says: RegExp }>> = {
  'an absolute path': { bytes: tarOf([good, { name: '/etc/passwd', body: 'x' }]), says: /\/etc\/passwd/ },
  'a path that climbs out': { bytes: tarOf([good, { name: '../out', body: 'x' }]), says: /\.\.\/out/ },
  'a device': { bytes: tarOf([good, { name: 'null', type: '3' }]), says: /null/ },
  'a symlink out of the tree': {
    bytes: tarOf([good, { name: 'link', type: '2', target: '../../etc/passwd' }]),
    says: /link/,
  },
  'a setuid file': { bytes: tarOf([good, { name: 'su', mode: 0o4755, body: 'x' }]), says: /su\b/ },
  'a duplicate': { bytes: tarOf([good, good]), says: /index\.html/ },
  'an archive that ends half-way': {
    bytes: gzipSync(tarOf([{ name: 'big', body: 'x'.repeat(100_000) }])).subarray(0, 80),
    says: /truncated|ends|damaged|corrupt|unexpected/i,
  },
  'something that is no archive': { bytes: Buffer.from('hello, world\n'), says: /archive|tar/i },
};
