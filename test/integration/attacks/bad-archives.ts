import { gzipSync } from 'node:zlib';
import { paxPath, type TarEntry, tarOf } from '../../support/tar-of.js';

const good: TarEntry = { name: 'index.html', body: 'hello' };
const long = 'n'.repeat(300);

/** Archives that no release may come from, and what the refusal has to name. */
export const badArchives: Readonly<Record<string, { readonly bytes: Buffer; readonly says: RegExp }>> = {
  'an absolute path': {
    bytes: tarOf([good, { name: '/etc/passwd', body: 'x' }]),
    says: /"\/etc\/passwd".* is absolute/,
  },
  'a path that climbs out': {
    bytes: tarOf([good, { name: 'a/../../out', body: 'x' }]),
    says: /"a\/\.\.\/\.\.\/out".* climbs out/,
  },
  'a symlink out of the tree': {
    bytes: tarOf([good, { name: 'link', type: '2', target: '../../etc/passwd' }]),
    says: /"link".* out of the tree/,
  },
  'an absolute symlink': {
    bytes: tarOf([good, { name: 'link', type: '2', target: '/etc' }]),
    says: /"link".* out of the tree/,
  },
  'a file written through a symlink': {
    bytes: tarOf([
      { name: 'link', type: '2', target: '.' },
      { name: 'link/in', body: 'x' },
    ]),
    says: /"link\/in".* lies below "link"/,
  },
  'a hard link out of the tree': {
    bytes: tarOf([good, { name: 'hard', type: '1', target: '../../etc/passwd' }]),
    says: /"hard".* hard link/,
  },
  'an absolute hard link': {
    bytes: tarOf([good, { name: 'hard', type: '1', target: '/etc/passwd' }]),
    says: /"hard".* hard link/,
  },
  'a character device': { bytes: tarOf([good, { name: 'null', type: '3' }]), says: /"null".* is a device/ },
  'a block device': { bytes: tarOf([good, { name: 'sda', type: '4' }]), says: /"sda".* is a device/ },
  'a FIFO': { bytes: tarOf([good, { name: 'pipe', type: '6' }]), says: /"pipe".* is a FIFO/ },
  'a setuid file': {
    bytes: tarOf([good, { name: 'su', mode: 0o4755, body: 'x' }]),
    says: /"su".* has the setuid bit/,
  },
  'a setgid file': {
    bytes: tarOf([good, { name: 'sg', mode: 0o2755, body: 'x' }]),
    says: /"sg".* has the setgid bit/,
  },
  'a duplicate path': { bytes: tarOf([good, good]), says: /"index\.html".* is there twice/ },
  'a name that is not UTF-8': {
    bytes: tarOf([good, { name: 'caf\xe9', body: 'x' }]),
    says: /not valid UTF-8/,
  },
  'a name that is too long': {
    bytes: tarOf([good, paxPath(long), { name: 'n', body: 'x' }]),
    says: /"nnn.* longer than 255 bytes/,
  },
  'an end half-way': {
    bytes: gzipSync(tarOf([{ name: 'big', body: 'x'.repeat(100_000) }])).subarray(0, 80),
    says: /truncated|ends|damaged|corrupt|unexpected/i,
  },
  'something that is no archive': { bytes: Buffer.from('hello, world\n'), says: /archive|tar/i },
};
