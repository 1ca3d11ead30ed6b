import { existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import fc from 'fast-check';
import { PeerSpool } from '../../../agent/io/peers/peer-spool.js';
import { checkSpool } from '../../../agent/stager/peers/check-spool.js';
import { indexFileOf, packFileOf } from '../../../agent/stager/peers/spool-files.js';
import { createSpoolWriter } from '../../../agent/stager/peers/spool-writer.js';
import { addSpan, type Spans } from '../../../shared/core/spans.js';
import { type Hex, sha256 } from '../../../shared/release/digest.js';
import { eventually } from '../../support/eventually.js';
import { tempDir } from '../../support/temp-dir.js';

const frameBytes = 1000;
const packOf = (seed: number): { readonly hex: Hex; readonly size: number } => ({
  hex: sha256(Buffer.from(`pack ${seed}`)),
  size: 10 * frameBytes,
});
const frameOf = (seed: number, at: number): Buffer => Buffer.alloc(frameBytes, `${seed}-${at}`);

/** Writes frames of a pack as a stager does. */
function keep(dir: string, seed: number, frames: readonly number[], tell: (spans: Spans) => void): void {
  const writer = createSpoolWriter({
    ...{ dir, maxBytes: 1e9, reserveBytes: 0 },
    tell: (news) => {
      tell(news.spans);
    },
  });
  for (const at of frames) {
    const packed = frameOf(seed, at);
    writer.keep(
      packOf(seed),
      { offset: at * frameBytes, length: frameBytes, sha256: sha256(packed) },
      packed,
    );
  }
  writer.close();
}

const spansOf = (frames: readonly number[]): Spans =>
  frames.reduce<Spans>((spans, at) => addSpan(spans, [at * frameBytes, (at + 1) * frameBytes]), []);

const check = (dir: string, oldestAt = 0) => checkSpool({ kind: 'spool', spoolDir: dir, oldestAt }).packs;

/** A spool with a clock that the test turns. */
function spoolIn(dir: string, { maxBytes = 1e9, keepMs = 1e9 } = {}) {
  let now = 1000;
  const spool = new PeerSpool({
    ...{ dir, maxBytes, keepMs, onChange: () => undefined },
    clock: { now: () => now, monotonic: () => now, sleep: () => Promise.resolve() },
  });
  const add = (seed: number, frames: readonly number[]): (() => void) => {
    const intake = spool.begin();
    keep(dir, seed, frames, (spans) => {
      intake.add({ ...packOf(seed), spans });
    });
    return () => {
      intake.end();
    };
  };
  const pass = (ms: number): void => {
    now += ms;
  };
  return { spool, add, pass, held: (seed: number) => spool.get(packOf(seed).hex) };
}

const gone = (dir: string, seed: number): Promise<true> =>
  eventually(() => !existsSync(packFileOf(dir, packOf(seed).hex)), { what: 'the files to be removed' });

describe('the spool', () => {
  it('tells what was kept, and has it again after a restart', async () => {
    const dir = await tempDir();
    const told: Spans[] = [];
    keep(dir, 1, [3, 0, 4], (spans) => told.push(spans));
    expect(told.flat().reduce<Spans>(addSpan, [])).to.deep.equal(spansOf([0, 3, 4]));
    keep(dir, 1, [9, 3], () => undefined);
    const [found, ...others] = check(dir);
    expect(others).to.deep.equal([]);
    expect(found).to.include({ ...packOf(1) });
    expect(found?.spans).to.deep.equal(spansOf([0, 3, 4, 9]));
    const { spool, held } = spoolIn(dir);
    spool.load(found === undefined ? [] : [found]);
    expect(held(1)?.spans).to.deep.equal(spansOf([0, 3, 4, 9]));
    expect(held(1)?.growing).to.equal(false);
  });

  it('offers nothing that is not what it was, whatever became of its files', async () => {
    const dir = await tempDir();
    const { hex } = packOf(1);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('pack', 'index'),
        fc.constantFrom('cut', 'overwrite'),
        fc.nat({ max: 10 * frameBytes }),
        fc.uint8Array({ minLength: 1, maxLength: 50 }),
        async (which, how, at, garbage) => {
          keep(dir, 1, [0, 1, 2, 5], () => undefined);
          const path = which === 'pack' ? packFileOf(dir, hex) : indexFileOf(dir, hex);
          const before = readFileSync(path);
          const place = at % before.length;
          if (how === 'cut') truncateSync(path, place);
          else writeFileSync(path, Buffer.concat([before.subarray(0, place), garbage]));
          const sound = check(dir)[0]?.spans ?? [];
          const now = existsSync(packFileOf(dir, hex)) ? readFileSync(packFileOf(dir, hex)) : Buffer.alloc(0);
          for (const [from, to] of sound) {
            for (let frame = from; frame < to; frame += frameBytes) {
              expect(now.subarray(frame, frame + frameBytes)).to.deep.equal(frameOf(1, frame / frameBytes));
            }
          }
          await spoolIn(dir).spool.clear();
          for (const name of readdirSync(dir)) truncateSync(`${dir}/${name}`, 0);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('removes what is of no use, and touches nothing else', async () => {
    const dir = await tempDir();
    keep(dir, 1, [0], () => undefined);
    keep(dir, 2, [0], () => undefined);
    truncateSync(indexFileOf(dir, packOf(1).hex), 0);
    writeFileSync(`${dir}/notes.txt`, 'not ours');
    expect(check(dir).map(({ hex }) => hex)).to.deep.equal([packOf(2).hex]);
    expect(check(dir, Date.now() + 60_000)).to.deep.equal([]);
    expect(readdirSync(dir)).to.deep.equal(['notes.txt']);
  });

  it('lets the oldest go when there is too much, and what nobody wants after a time', async () => {
    const dir = await tempDir();
    const { spool, add, pass, held } = spoolIn(dir, { maxBytes: 5 * frameBytes, keepMs: 10_000 });
    for (const seed of [1, 2, 3]) {
      add(seed, [0, 1])();
      pass(10);
    }
    await gone(dir, 1);
    expect(spool.packs()).to.have.length(2);
    pass(9000);
    held(2);
    pass(2000);
    spool.trim();
    await gone(dir, 3);
    expect(held(2)).not.to.equal(undefined);
  });

  it('keeps what is being added to, even if it is too much', async () => {
    const dir = await tempDir();
    const { spool, add, held } = spoolIn(dir, { maxBytes: 3 * frameBytes });
    const end = add(1, [0, 1, 2, 3]);
    expect(held(1)?.growing).to.equal(true);
    expect(await spool.clear()).to.equal(false);
    expect(held(1)?.spans).to.deep.equal(spansOf([0, 1, 2, 3]));
    end();
    await gone(dir, 1);
  });

  it('makes room when asked to', async () => {
    const dir = await tempDir();
    const { spool, add } = spoolIn(dir);
    add(1, [0])();
    add(2, [0])();
    expect(await spool.clear()).to.equal(true);
    expect(readdirSync(dir)).to.deep.equal([]);
    expect(spool.packs()).to.deep.equal([]);
  });

  it('writes no more than it may, and leaves what must stay free', async () => {
    const dir = await tempDir();
    const told: Spans[] = [];
    for (const limits of [
      { maxBytes: 2 * frameBytes, reserveBytes: 0 },
      { maxBytes: 1e9, reserveBytes: Number.MAX_SAFE_INTEGER },
    ]) {
      const writer = createSpoolWriter({ dir, ...limits, tell: ({ spans }) => told.push(spans) });
      for (const at of [0, 1, 2]) {
        const packed = frameOf(1, at);
        const frame = { offset: at * frameBytes, length: frameBytes, sha256: sha256(packed) };
        writer.keep(packOf(1), frame, packed);
      }
      writer.close();
    }
    expect(told).to.deep.equal([spansOf([0, 1])]);
  });

  it('says nothing of bytes that went away with their file while they were added', async () => {
    const dir = await tempDir();
    const told: Spans[] = [];
    const writer = createSpoolWriter({
      ...{ dir, maxBytes: 1e9, reserveBytes: 0 },
      tell: ({ spans }) => told.push(spans),
    });
    writer.announce(packOf(1));
    const { spool } = spoolIn(dir);
    spool.load([{ ...packOf(1), spans: [[0, 1]], addedAt: 0 }]);
    await spool.clear();
    const packed = frameOf(1, 0);
    writer.keep(packOf(1), { offset: 0, length: frameBytes, sha256: sha256(packed) }, packed);
    writer.close();
    expect(told).to.deep.equal([[]]);
  });

  it('never stands in the way of a release', async () => {
    const dir = await tempDir();
    writeFileSync(`${dir}/file`, '');
    const writer = createSpoolWriter({
      ...{ dir: `${dir}/file/spool`, maxBytes: 1e9, reserveBytes: 0 },
      tell: () => undefined,
    });
    writer.announce(packOf(1));
    writer.keep(packOf(1), { offset: 0, length: 1, sha256: '' }, Buffer.alloc(1));
    writer.close();
  });
});
