import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { manifestFileOf, releaseDirName } from '../../../agent/stager/protocol.js';
import { createUploadTickets } from '../../../coordinator/io/http/upload-tickets.js';
import { objectPath, parseObjectPath } from '../../../shared/distribution/object-key.js';
import { openStore } from '../../../shared/distribution/open-store.js';
import { makeDurableDir, writeDurably } from '../../../shared/io/durable-file.js';
import { packageRoot, packageVersion } from '../../../shared/io/package-root.js';
import { CapstanError } from '../../../shared/model/errors.js';
import type { Frame } from '../../../shared/release/layout.js';
import { caseWarnings } from '../../../shared/release/path-rules.js';
import { cutFrames, planRanges } from '../../../shared/release/range-plan.js';
import { tempDir } from '../../support/temp-dir.js';

const hex = 'ab'.repeat(32);

describe('object key', () => {
  it('goes to a path and back, and no other path is one', () => {
    for (const kind of ['packs', 'manifests', 'layouts'] as const) {
      expect(parseObjectPath(objectPath({ kind, hex }))).to.deep.equal({ kind, hex });
    }
    expect(objectPath({ kind: 'packs', hex })).to.equal(`packs/ab/${hex}`);
    for (const path of ['', hex, `packs/${hex}`, `packs/cd/${hex}`, `manifests/../${hex}`, `tmp/${hex}`]) {
      expect(parseObjectPath(path), path).to.equal(undefined);
    }
  });
});

describe('upload ticket', () => {
  const secret = Buffer.alloc(32, 7);
  it('is good until its end, and for who has the secret only', () => {
    let now = 1000;
    const tickets = createUploadTickets({ secret, now: () => now, lifetimeMs: 500 });
    const ticket = tickets.issue();
    expect(tickets.accepts(ticket)).to.equal(true);
    expect(tickets.accepts(ticket.replace('1500', '9500'))).to.equal(false);
    expect(tickets.accepts('')).to.equal(false);
    const others = createUploadTickets({ secret: Buffer.alloc(32, 8), now: () => now });
    expect(others.accepts(ticket)).to.equal(false);
    now = 1500;
    expect(tickets.accepts(ticket)).to.equal(false);
  });

  it('ends with the token of the operator whom it was given to', () => {
    const [ann, bob] = ['a'.repeat(64), 'b'.repeat(64)];
    const good = new Set([ann, bob]);
    const tickets = createUploadTickets({ secret, now: () => 1000, isGood: (holder) => good.has(holder) });
    const ticket = tickets.issue(ann);
    expect(tickets.accepts(ticket)).to.equal(true);
    good.delete(ann);
    expect(tickets.accepts(ticket)).to.equal(false);
    expect(tickets.accepts(ticket.replace(ann, bob)), "for another's").to.equal(false);
    expect(tickets.accepts(ticket.replace(ann, '')), "for nobody's").to.equal(false);
  });
});

describe('range plan', () => {
  const frame = (pack: number, offset: number, length: number): Frame => ({
    pack,
    offset,
    length,
    rawLength: 1,
    sha256: hex,
  });

  it('swallows small gaps, and splits at large ones, at packs and at 8 MiB', () => {
    const mib = 1024 * 1024;
    const frames = [
      frame(0, 0, 100),
      frame(0, 100 + 64 * 1024, 100),
      frame(0, 200 + 129 * 1024, 100),
      frame(1, 0, 5 * mib),
      frame(1, 5 * mib, 4 * mib),
    ];
    expect(planRanges(frames).map(({ pack, offset, length }) => [pack, offset, length])).to.deep.equal([
      [0, 0, 200 + 64 * 1024],
      [0, 200 + 129 * 1024, 100],
      [1, 0, 5 * mib],
      [1, 5 * mib, 4 * mib],
    ]);
    expect(planRanges([])).to.deep.equal([]);
  });

  it('cuts frames out of pieces of any size', async () => {
    const bytes = Buffer.from('0123456789abcdefghij');
    const [range] = planRanges([frame(0, 100, 3), frame(0, 105, 4), frame(0, 109, 11)]);
    if (range === undefined) throw new Error('no range');
    for (let size = 1; size <= bytes.length; size++) {
      const pieces = async function* () {
        for (let at = 0; at < bytes.length; at += size)
          yield await Promise.resolve(bytes.subarray(at, at + size));
      };
      const found: string[] = [];
      for await (const { packed } of cutFrames(range, pieces())) found.push(packed.toString());
      expect(found).to.deep.equal(['012', '5678', '9abcdefghij']);
    }
  });
});

describe('durable file', () => {
  it('makes folders, replaces content, sets the mode and leaves nothing beside', async () => {
    const dir = await tempDir();
    const path = join(dir, 'a', 'b', 'file');
    await writeDurably(path, 'one');
    await writeDurably(path, Buffer.from('two'), { mode: 0o644 });
    expect(await readFile(path, 'utf8')).to.equal('two');
    expect((await stat(path)).mode & 0o777).to.equal(0o644);
    expect(await readdir(join(dir, 'a', 'b'))).to.deep.equal(['file']);
  });

  it('keeps the old content when it cannot write', async () => {
    const dir = await tempDir();
    await mkdir(join(dir, 'target'));
    let failed = false;
    await writeDurably(join(dir, 'target'), 'x').catch(() => {
      failed = true;
    });
    expect(failed).to.equal(true);
    expect(await readdir(dir)).to.deep.equal(['target']);
    await makeDurableDir(join(dir, 'target'));
  });
});

describe('names', () => {
  it('tell a release directory and its manifest', () => {
    const ref = { version: '1.4.0', digest: `sha256:${hex}` } as Parameters<typeof releaseDirName>[0];
    expect(releaseDirName(ref, '3')).to.equal('1.4.0-abababababab-c3');
    expect(manifestFileOf('/state/r.json')).to.equal('/state/r.manifest.gz');
  });

  it('warn where only case or accents differ', () => {
    expect(caseWarnings(['README', 'src/a', 'readme', 'src/b'])).to.have.length(1);
    expect(caseWarnings(['e\u0301', '\u00e9'])).to.have.length(1);
    expect(caseWarnings(['a', 'b'])).to.have.length(0);
  });

  it('find the package they belong to', async () => {
    const text = await readFile(join(packageRoot(), 'package.json'), 'utf8');
    expect(JSON.parse(text)).to.include({ name: 'capstan', version: packageVersion() });
  });
});

describe('openStore', () => {
  it('takes file: and http: URLs', () => {
    expect(openStore('file:/var/store/').url).to.equal('file:/var/store');
    expect(openStore('https://cdn.example.org/capstan/').url).to.equal('https://cdn.example.org/capstan');
  });
  for (const url of ['', 'store', 's3://', 'gs://bucket', 'file://host/path', 'ftp://x/y', 'file:relative']) {
    it(`refuses ${JSON.stringify(url)} in a sentence`, () => {
      expect(() => openStore(url))
        .to.throw(CapstanError)
        .with.property('code', 'invalid');
    });
  }
});
