import { expect } from 'chai';
import { CapstanError } from '../../../shared/model/errors.js';
import { emptyHex, sha256 } from '../../../shared/release/digest.js';
import { type Entry, encodeManifest, parseManifest, readEntries } from '../../../shared/release/manifest.js';
import { comparePaths } from '../../../shared/release/path-rules.js';

const hex = 'a'.repeat(64);
const header = '["capstan-manifest",1]\n';
const text = (...rows: readonly unknown[]): Buffer =>
  Buffer.from(header + rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
const file = (path: string, mode = '0644'): unknown[] => ['f', path, mode, 1, hex];

function problemOf(bytes: Buffer): CapstanError {
  try {
    parseManifest(bytes);
  } catch (error) {
    if (error instanceof CapstanError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

describe('manifest', () => {
  it('reads what it writes, and writes the same tree the same way', () => {
    const entries: Entry[] = [
      { kind: 'dir', path: 'bin' },
      { kind: 'file', path: 'bin/run', executable: true, size: 12, sha256: hex },
      { kind: 'file', path: 'empty', executable: false, size: 0, sha256: emptyHex },
      { kind: 'file', path: 'line\nbreak "quoted" \u{1f409}', executable: false, size: 3, sha256: hex },
      { kind: 'link', path: 'link', target: 'bin/run' },
    ];
    const bytes = encodeManifest(entries);
    const manifest = parseManifest(bytes);
    expect(manifest.entries).to.deep.equal(entries);
    expect(readEntries(bytes)).to.deep.equal(entries);
    expect(manifest.contentSize).to.equal(15);
    expect(manifest.fileCount).to.equal(3);
    expect(sha256(encodeManifest(manifest.entries))).to.equal(sha256(bytes));
  });

  it('orders paths by their bytes, not by their UTF-16 units', () => {
    const paths = ['\u{1f409}', '\uffee', 'a/b', 'a-b', 'a', 'B', 'ä', 'a/\u{10000}', ''];
    const byBytes = [...paths].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    expect([...paths].sort(comparePaths)).to.deep.equal(byBytes);
  });

  // codedeploy#428: paths that lead out of the tree.
  const hostile: readonly (readonly [string, Buffer, string, string])[] = [
    ['an absolute path', text(file('/etc/passwd')), '"/etc/passwd"', 'is absolute'],
    ['a path that climbs out', text(file('../x')), '"../x"', 'climbs out'],
    ['a path that climbs in the middle', text(['d', 'a'], file('a/../../x')), '"a/../../x"', 'climbs out'],
    ['a path with "."', text(file('./x')), '"./x"', 'simplest form'],
    ['a path with an empty name', text(file('a//b')), '"a//b"', 'simplest form'],
    ['a directory with a trailing slash', text(['d', 'a/']), '"a/"', 'simplest form'],
    ['an empty path', text(file('')), '""', 'is empty'],
    ['a NUL', text(file('a\0b')), '"a\\u0000b"', 'NUL'],
    ['a lone surrogate', text(file('a\ud800')), '"a\\ud800"', 'not valid UTF-8'],
    ['a name of 256 bytes', text(file('é'.repeat(128))), '"ééé', 'longer than 255 bytes'],
    ['a path of 3073 bytes', text(file(`${'a/'.repeat(1536)}a`)), '"a/a/', 'longer than 3072 bytes'],
    ['a device', text(['b', 'dev/sda', 8, 0]), '"dev/sda"', 'neither a file'],
    ['a FIFO', text(['p', 'pipe']), '"pipe"', 'neither a file'],
    ['a setuid file', text(file('su', '4755')), '"su"', 'setuid'],
    ['a setgid file', text(file('sg', '2755')), '"sg"', 'setgid'],
    ['another mode', text(file('m', '0777')), '"m"', 'has the mode "0777"'],
    ['a duplicate path', text(file('a'), file('a')), '"a"', 'is there twice'],
    ['a path that is file and directory', text(['d', 'a'], file('a')), '"a"', 'is there twice'],
    ['an unsorted list', text(file('b'), file('a')), '"a"', 'out of order'],
    ['a file in no directory', text(file('a/b')), '"a/b"', 'not a directory of the release'],
    ['a file in a file', text(file('a'), file('a/b')), '"a/b"', 'not a directory of the release'],
    [
      'a file below a link',
      text(['d', 'd'], ['l', 'l', 'd'], file('l/f')),
      '"l/f"',
      'below the symbolic link',
    ],
    ['an absolute link', text(['l', 'l', '/etc/passwd']), '"l"', 'absolute path "/etc/passwd"'],
    ['an empty link', text(['l', 'l', '']), '"l"', 'target is empty'],
    ['a link with a NUL', text(['l', 'l', 'a\0']), '"l"', 'NUL'],
    ['a link out of the tree', text(['l', 'l', '../x']), '"l"', 'leads out of the tree'],
    ['a link out of a folder', text(['d', 'd'], ['l', 'd/l', '../../x']), '"d/l"', 'leads out of the tree'],
    [
      'a link out of the tree by way of another',
      text(['d', 'a'], ['d', 'a/b'], ['l', 'a/b/up', '../..'], ['l', 'out', 'a/b/up/../x']),
      '"out"',
      'leads out of the tree',
    ],
    ['a size that is not its digest', text(['f', 'x', '0644', 0, hex]), '"x"', 'does not go with its digest'],
    ['a digest that is not its size', text(['f', 'x', '0644', 5, emptyHex]), '"x"', 'does not go with'],
    [
      'sizes beyond counting',
      text(['f', 'x', '0644', Number.MAX_SAFE_INTEGER, hex], ['f', 'y', '0644', 1, hex]),
      '"y"',
      'larger than can be counted',
    ],
  ];
  for (const [what, bytes, path, problem] of hostile) {
    it(`refuses ${what}, by name`, () => {
      const error = problemOf(bytes);
      expect(error.code).to.equal('invalid');
      expect(error.message).to.include(path).and.to.include(problem);
    });
  }

  const corrupt: readonly (readonly [string, Buffer, string])[] = [
    ['nothing', Buffer.alloc(0), 'is empty'],
    ['other text', Buffer.from('hello\n'), 'not JSON'],
    ['another list', Buffer.from('["capstan-layout",1]\n'), 'not the first line of a manifest'],
    ['a newer format', Buffer.from('["capstan-manifest",2]\n'), 'format version 2'],
    ['a line that is cut short', Buffer.from(`${header}["d","a"]`), 'line 2 of the manifest is cut short'],
    ['spaces', Buffer.from(`${header}["d", "a"]\n`), 'canonical'],
    ['an escape too many', Buffer.from(`${header}["d","\\u0061"]\n`), 'canonical'],
    ['an object', Buffer.from(`${header}{}\n`), 'not a JSON array'],
    ['bytes that are not UTF-8', Buffer.from(`${header}["d","\xff"]\n`, 'latin1'), 'not valid UTF-8'],
    ['a negative size', text(['f', 'x', '0644', -1, hex]), 'line 2'],
    ['a size that is a string', text(['f', 'x', '0644', '1', hex]), 'line 2'],
    ['a short digest', text(['f', 'x', '0644', 1, 'abc']), 'line 2'],
    ['a field too many', text(['d', 'x', 1]), 'line 2'],
    ['a path that is a number', text(['d', 1]), 'line 2'],
  ];
  for (const [what, bytes, problem] of corrupt) {
    it(`refuses ${what} as corrupt`, () => {
      const error = problemOf(bytes);
      expect(error.code).to.equal('corrupt');
      expect(error.message).to.include(problem);
    });
  }

  it('refuses a maze of links instead of walking through all of it', () => {
    const chain = Array.from({ length: 39 }, (_, n) => [
      'l',
      `c${n + 10}`,
      `${'a/../'.repeat(800)}c${n + 11}`,
    ]);
    const entrances = Array.from({ length: 1000 }, (_, n) => ['l', `d${1000 + n}`, 'c10']);
    expect(problemOf(text(['d', 'a'], ...chain, ...entrances))).to.include({
      code: 'invalid',
      message: 'the symbolic links of the release lead through too many other links',
    });
    expect(() => parseManifest(text(['d', 'a'], ...chain.slice(20), ...entrances))).not.to.throw();
  });

  it('takes links that stay inside, dangle or loop', () => {
    const rows = [
      ['d', 'a'],
      ['d', 'a/b'],
      ['l', 'a/b/top', '../..'],
      ['l', 'dangling', 'a/later/x'],
      ['l', 'loop', 'loop'],
      ['l', 'same', 'a/b/top/a'],
    ];
    expect(parseManifest(text(...rows)).entries).to.have.length(6);
  });
});
