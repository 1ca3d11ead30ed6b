import { appendFile, cp, mkdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import type { StageResult } from '../../../agent/stager/protocol.js';
import { stageRelease } from '../../../agent/stager/stage.js';
import { directoryStore } from '../../../shared/distribution/directory-store.js';
import { objectPath } from '../../../shared/distribution/object-key.js';
import { type Published, publishRelease } from '../../../shared/distribution/publish.js';
import type { StoreReader } from '../../../shared/distribution/store.js';
import { systemClock } from '../../../shared/io/clock.js';
import { packageRoot } from '../../../shared/io/package-root.js';
import { systemRandom } from '../../../shared/io/random.js';
import { loadZstd, type ZstdCodec } from '../../../shared/io/zstd.js';
import { CapstanError } from '../../../shared/model/errors.js';
import type { AppName, ReleaseVersion } from '../../../shared/model/ids.js';
import type { ReleaseRef } from '../../../shared/model/release.js';
import { hexOf } from '../../../shared/release/digest.js';
import { parseReleaseSpec } from '../../../shared/spec/release.js';
import { type Fault, lyingStore } from '../../support/lying-store.js';
import { noise } from '../../support/noise.js';
import { readTree, stageJob } from '../../support/releases.js';
import { removeTree, tempDir } from '../../support/temp-dir.js';

const real = (name: string): string => join(packageRoot(), 'node_modules', name);
const reporter = { progress: () => undefined, note: () => undefined };
const tools = { clock: systemClock, random: systemRandom, zstd: loadZstd };

const noZstd = async (): Promise<undefined> => await Promise.resolve(undefined);

/** A small application and a large program, and the same a version later. */
async function makePair(dir: string): Promise<{ readonly before: string; readonly after: string }> {
  const pair = { before: join(dir, 'before'), after: join(dir, 'after') };
  await cp(real('demo-web-v1'), pair.before, { recursive: true });
  await cp(real('demo-web-v2'), pair.after, { recursive: true });
  const program = await readFile(real('typescript/lib/_tsc.js'), 'latin1');
  await writeFile(join(pair.before, 'program-8f3a2b1c.js'), program, 'latin1');
  // As if built anew: something put in at the front, and a change every few hundred lines.
  const lines = program.split('\n');
  const rebuilt = lines.map((line, i) => (i % 300 === 7 ? `${line} // build ${i * 7919}` : line));
  const banner = Array.from({ length: 2000 }, (_, i) => `var added${i} = ${i * i};`);
  await writeFile(join(pair.after, 'program-77e0d9aa.js'), [...banner, ...rebuilt].join('\n'), 'latin1');
  return pair;
}

interface Scene {
  readonly dir: string;
  readonly store: string;
  readonly after: string;
  readonly first: ReleaseRef;
  readonly second: Published;
  readonly patchFile: string;
}

async function publish(
  source: string,
  store: string,
  version: string,
  { bases = [], zstd }: { bases?: readonly ReleaseRef[]; zstd?: () => Promise<ZstdCodec | undefined> } = {},
): Promise<Published> {
  return await publishRelease({
    ...{ source, bases, store: directoryStore(store) },
    app: 'web' as AppName,
    version: version as ReleaseVersion,
    checkSpec: parseReleaseSpec,
    ...(zstd === undefined ? {} : { zstd }),
  });
}

describe('patches', function () {
  this.timeout(60_000);

  let scene: Scene;
  let saved: string;

  before(async () => {
    const dir = await tempDir();
    const { before, after } = await makePair(dir);
    const store = join(dir, 'store');
    const { ref: first } = await publish(before, store, '1.0.0');
    const second = await publish(after, store, '2.0.0', { bases: [first], zstd: loadZstd });
    const key = { kind: 'patches', from: hexOf(first.digest), to: hexOf(second.ref.digest) } as const;
    scene = { dir, store, after, first, second, patchFile: join(store, objectPath(key)) };
    saved = join(dir, 'patch');
    await cp(scene.patchFile, saved);
  });
  afterEach(() => cp(saved, scene.patchFile));

  const zstd = async (): Promise<ZstdCodec> => {
    const codec = await loadZstd();
    if (codec === undefined) throw new Error('this Node has no zstd');
    return codec;
  };

  /** A node that has the first release stages the second. */
  async function update(
    use: Partial<typeof tools> = {},
    change: (node: string) => Promise<void> = () => Promise.resolve(),
    store = `file:${scene.store}`,
  ): Promise<StageResult> {
    const node = await tempDir();
    const signal = new AbortController().signal;
    const stores = [store];
    const first = stageJob(node, scene.first, stores);
    const { releaseDir, recordFile } = { ...first };
    await stageRelease(first, reporter, signal, tools);
    await change(releaseDir);
    const next = {
      ...stageJob(node, scene.second.ref, stores),
      releaseDir: `${releaseDir}-2`,
      recordFile: recordFile.replace('r1', 'r2'),
      reuseFrom: [{ releaseDir, recordFile }],
    };
    const result = await stageRelease(next, reporter, signal, { ...tools, ...use });
    expect(await readTree(next.releaseDir)).to.deep.equal(await readTree(scene.after));
    await removeTree(node);
    return result;
  }

  it('move far fewer bytes than packs', async () => {
    const { ref } = scene.second;
    const patch = ref.deltas[0]?.patch;
    const patched = await update();
    const plain = await update({ zstd: noZstd });
    expect(patched.remarks).to.deep.equal([]);
    expect(patched.fetchedBytes).to.equal(patch?.size);
    expect(patched.fetchedBytes).to.be.below(plain.fetchedBytes / 5);
    expect(plain.remarks.join()).to.contain('no zstd');
  });

  it('are the same from whoever makes them', async () => {
    const again = await publish(scene.after, scene.store, '2.0.0', { bases: [scene.first], zstd: loadZstd });
    expect(again.ref).to.deep.equal(scene.second.ref);
    expect(again.uploadedBytes).to.equal(0);
    await rm(scene.patchFile);
    const anew = await publish(scene.after, scene.store, '2.0.0', { bases: [scene.first], zstd: loadZstd });
    expect(anew.ref).to.deep.equal(scene.second.ref);
  });

  it('are not made without zstd, nor where they save little', async () => {
    const other = join(scene.dir, 'other');
    const { ref: first } = await publish(join(scene.dir, 'before'), other, '1.0.0');
    const without = await publish(scene.after, other, '2.0.0', { bases: [first], zstd: noZstd });
    expect(without.ref.deltas.map(({ patch }) => patch)).to.deep.equal([undefined]);
    const store = join(scene.dir, 'small');
    const { ref: small } = await publish(real('demo-web-v1'), store, '1.0.0');
    const { ref } = await publish(real('demo-web-v2'), store, '2.0.0', { bases: [small], zstd: loadZstd });
    expect(ref.deltas.map(({ patch }) => patch)).to.deep.equal([undefined]);
    for (const [size, isWorth] of [
      [100_000, false],
      [200_000, true],
    ] as const) {
      const source = join(scene.dir, `noise-${size}`);
      await mkdir(source);
      await writeFile(join(source, 'file'), noise(size, size));
      const { ref: base } = await publish(source, store, `1.0.${size}`);
      await appendFile(join(source, 'file'), 'more');
      const next = await publish(source, store, `2.0.${size}`, { bases: [base], zstd: loadZstd });
      expect(next.ref.deltas[0]?.patch !== undefined, `${size} bytes`).to.equal(isWorth);
    }
  });

  it('are left out where the base cannot be read', async () => {
    const store = directoryStore(scene.store);
    const cut: StoreReader = {
      ...store,
      async *getRange(key) {
        yield await Promise.reject<Buffer>(new CapstanError('notFound', `${key.kind} are not here`));
      },
    };
    await rm(scene.patchFile);
    const { ref, warnings } = await publishRelease({
      ...{ source: scene.after, bases: [scene.first], store, reader: cut, zstd: loadZstd },
      app: 'web' as AppName,
      version: '2.0.0' as ReleaseVersion,
      checkSpec: parseReleaseSpec,
    });
    expect(ref.deltas.map(({ patch }) => patch)).to.deep.equal([undefined]);
    expect(warnings).to.deep.equal(['no patch from release 1.0.0 was made: packs are not here']);
  });

  it('that are not there, are cut short, or are of other releases, only cost bytes', async () => {
    await rm(scene.patchFile);
    expect((await update()).remarks.join()).to.contain('was not used');
    await cp(saved, scene.patchFile);
    await truncate(scene.patchFile, 1000);
    expect((await update()).remarks.join()).to.contain('was not used');
    const bytes = await readFile(saved);
    bytes.fill(0, 0, 1);
    await writeFile(scene.patchFile, bytes);
    expect((await update()).remarks.join()).to.contain('does not begin as one');
  });

  it('whose frames are damaged are used for the rest', async () => {
    const bytes = await readFile(saved);
    bytes.fill(0x55, bytes.length - 2000, bytes.length - 1500);
    await writeFile(scene.patchFile, bytes);
    const result = await update();
    expect(result.remarks.join()).to.contain('was used in part');
    expect(result.fetchedBytes).to.be.above(scene.second.ref.deltas[0]?.patch?.size ?? 0);
  });

  it('make nothing of files that were changed on this node', async () => {
    const result = await update({}, async (releaseDir) => {
      const path = join(releaseDir, 'program-8f3a2b1c.js');
      const bytes = await readFile(path);
      await rm(path);
      await writeFile(path, bytes.fill(0x20, 3_000_000, 3_000_100));
    });
    expect(result.remarks.join()).to.contain('was used in part');
    const gone = await update({}, (releaseDir) => rm(join(releaseDir, 'program-8f3a2b1c.js')));
    expect(gone.remarks.join()).to.contain('cannot be read');
  });

  describe('from a web server', () => {
    const nothing = (): Promise<void> => Promise.resolve();
    const toPatches =
      (fault: Fault): Fault =>
      (asked) => {
        if (asked.kind === 'patches') fault(asked);
        else asked.honest();
      };

    it('take two requests', async () => {
      const server = await lyingStore(scene.store);
      const result = await update({}, nothing, server.url);
      expect(result.remarks).to.deep.equal([]);
      const size = scene.second.ref.deltas[0]?.patch?.size ?? 0;
      const asked = server.requests.filter(({ path }) => path.startsWith('patches/'));
      expect(asked).to.have.length(size > 32 * 1024 ? 2 : 1);
      expect(result.fetchedBytes).to.equal(size);
    });

    it('are asked for again where a connection broke', async () => {
      const cutting = toPatches(({ nth, response, honest }) => {
        if (nth === 0) response.destroy();
        else honest();
      });
      const { url } = await lyingStore(scene.store, cutting);
      expect((await update({}, nothing, url)).remarks).to.deep.equal([]);
    });

    const useless: readonly (readonly [string, Fault])[] = [
      [
        'that knows no ranges',
        ({ response, object }) =>
          void response.writeHead(200, { 'content-length': object.length }).end(object),
      ],
      [
        'that answers with a page',
        ({ response }) =>
          void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>hello</html>'),
      ],
      ['that refuses them', ({ response }) => void response.writeHead(403).end()],
    ];
    for (const [which, fault] of useless) {
      it(`${which} are left alone`, async () => {
        const { url } = await lyingStore(scene.store, toPatches(fault));
        expect((await update({}, nothing, url)).remarks.join()).to.contain('was not used');
      });
    }
  });

  it('are left alone by a codec that fails, or makes other bytes', async () => {
    const codec = await zstd();
    const lying = async (): Promise<ZstdCodec> =>
      await Promise.resolve({
        ...codec,
        decompress: async (_packed, _dictionary, size) => await Promise.resolve(Buffer.alloc(size)),
      });
    expect((await update({ zstd: lying })).remarks.join()).to.contain('does not make the right bytes');
  });
});
