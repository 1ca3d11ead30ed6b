import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import type { Digest } from '../../../shared/model/ids.js';
import type { ReleaseRef } from '../../../shared/model/release.js';
import { digestOf, sha256 } from '../../../shared/release/digest.js';
import { capstan } from '../../support/capstan.js';
import { tempDir } from '../../support/temp-dir.js';
import { makeNode, type Node } from '../agent/harness.js';
import { type Site, startSite } from '../identity/site.js';
import { attempt } from './attempt.js';
import { badArchives } from './bad-archives.js';

describe('attacks with paths, in an archive that is published', function () {
  this.timeout(60_000);
  let dir: string;
  let site: Site;
  before(async () => {
    dir = await tempDir();
    site = await startSite(join(dir, 'coordinator'));
  });

  for (const [what, { bytes, says }] of Object.entries(badArchives)) {
    attempt(`an archive with ${what}`, says, async () => {
      const file = join(dir, 'hostile.tar');
      await writeFile(file, bytes);
      const env = {
        CAPSTAN_COORDINATOR: site.operators,
        CAPSTAN_CA_FILE: join(site.dir, 'ca', 'ca.crt'),
        CAPSTAN_TOKEN: site.adminToken,
      };
      const args = ['publish', file, '--app', 'web', '--version', '1'];
      const { code, stdout, stderr } = await capstan(args, { env, home: dir });
      expect([code, stdout], stderr).to.deep.equal([2, '']);
      expect((await site.operator.call('ListReleases', {})).releases).to.deep.equal([]);
      expect((await readdir(dir)).toSorted()).to.deep.equal(['coordinator', 'hostile.tar']);
      return stderr;
    });
  }
});

const hex = 'a'.repeat(64);
const file = (path: string, mode = '0644'): readonly unknown[] => ['f', path, mode, 1, hex];

/** What no publisher of ours writes, and somebody else could: lines of a manifest. */
const badManifests: Readonly<
  Record<string, { readonly rows: readonly (readonly unknown[])[]; readonly says: RegExp }>
> = {
  'an absolute path': { rows: [file('/etc/passwd')], says: /"\/etc\/passwd" is absolute/ },
  'a path that climbs out': {
    rows: [['d', 'a'], file('a/../../x')],
    says: /"a\/\.\.\/\.\.\/x" climbs out/,
  },
  'a symlink out of the tree': { rows: [['l', 'l', '../x']], says: /"l" .* leads out of the tree/ },
  'an absolute symlink': { rows: [['l', 'l', '/etc/passwd']], says: /"l" .* absolute path "\/etc\/passwd"/ },
  'a file written through a symlink': {
    rows: [['d', 'd'], ['l', 'l', 'd'], file('l/f')],
    says: /"l\/f" lies below the symbolic link/,
  },
  'a hard link': { rows: [['h', 'h', '/etc/passwd']], says: /"h" is neither a file/ },
  'a device': { rows: [['b', 'sda', 8, 0]], says: /"sda" is neither a file/ },
  'a FIFO': { rows: [['p', 'pipe']], says: /"pipe" is neither a file/ },
  'a setuid file': { rows: [file('su', '4755')], says: /"su" has the setuid bit/ },
  'a setgid file': { rows: [file('sg', '2755')], says: /"sg" has the setgid bit/ },
  'a duplicate path': { rows: [file('a'), file('a')], says: /"a" is there twice/ },
  'a name that is not UTF-8': { rows: [file('a\ud800')], says: /not valid UTF-8/ },
  'a name with a NUL': { rows: [file('a\0b')], says: /contains a NUL/ },
  'a name that is too long': { rows: [file('n'.repeat(256))], says: /longer than 255 bytes/ },
  'a path that is too long': { rows: [file(`${'a/'.repeat(1536)}a`)], says: /longer than 3072 bytes/ },
  'sizes beyond counting': {
    rows: [
      ['f', 'x', '0644', Number.MAX_SAFE_INTEGER, hex],
      ['f', 'y', '0644', 1, hex],
    ],
    says: /larger than can be counted/,
  },
};

describe('attacks with paths, in a manifest that a node is told to have', function () {
  this.timeout(60_000);
  let node: Node;
  let good: ReleaseRef;
  before(async () => {
    node = await makeNode();
    await mkdir(join(node.dir, 'conf.d'));
    // It runs what nobody signed: the manifest is all that stands in the way.
    await node.start();
    good = await node.release('1', { 'index.html': 'static' });
  });

  for (const [what, { rows, says }] of Object.entries(badManifests)) {
    attempt(`a manifest with ${what}`, says, async () => {
      const lines = [['capstan-manifest', 1], ...rows].map((row) => `${JSON.stringify(row)}\n`);
      const text = Buffer.from(lines.join(''));
      await writeFile(join(node.dir, 'store/manifests', sha256(text)), gzipSync(text));
      const digest: Digest = digestOf(sha256(text));
      const release = { ...good, digest, manifestSize: text.length, deltas: [] };
      const { phase, failure } = await node.coordinator.settled('web', node.deploy(release));
      expect(phase).to.equal('failed');
      expect(await readdir(join(node.home, 'releases')).catch(() => [])).to.deep.equal([]);
      return failure?.reason ?? '';
    });
  }
});
