import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { bandwidthLimit } from '../../../agent/stager/fetching/bandwidth.js';
import { createSources, type Source } from '../../../agent/stager/fetching/sources.js';
import { Surplus } from '../../../agent/stager/fetching/surplus.js';
import { chunkListOf, decodeChunkList, encodeChunkList } from '../../../agent/stager/reuse/chunk-list.js';
import { isAllZero } from '../../../agent/stager/tree/tree-files.js';
import { CapstanError } from '../../../shared/model/errors.js';
import type { Clock } from '../../../shared/ports/clock.js';
import { sha256 } from '../../../shared/release/digest.js';
import type { Frame, Layout } from '../../../shared/release/layout.js';
import { frameCutter, planRanges } from '../../../shared/release/range-plan.js';
import { tempDir } from '../../support/temp-dir.js';

const never = new AbortController().signal;
const hex = 'ab'.repeat(32);

/** A clock that stands still but for who sleeps. */
function sleepersClock(): Clock & { slept: number } {
  const clock = {
    slept: 0,
    now: () => clock.slept,
    monotonic: () => clock.slept,
    sleep: async (ms: number): Promise<void> => {
      await Promise.resolve();
      clock.slept += ms;
    },
  };
  return clock;
}

describe('the limit on bandwidth', () => {
  it('lets through no more than it should, whoever asks, after a small burst', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1000, max: 10_000_000 }),
        fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 1, maxLength: 200 }),
        async (rate, pieces) => {
          const clock = sleepersClock();
          const limit = bandwidthLimit(rate, clock, never);
          for (const piece of pieces) await limit.take(piece);
          const total = pieces.reduce((sum, piece) => sum + piece, 0);
          const atRateMs = (total / rate) * 1000;
          expect(clock.slept).to.be.within(atRateMs - 200 - 5, atRateMs);
        },
      ),
    );
  });

  it('is none at 0', () => {
    const limit = bandwidthLimit(0, sleepersClock(), never);
    expect(limit.take(1e12)).to.equal(undefined);
  });

  it('does not save up what was not used', async () => {
    const clock = sleepersClock();
    const limit = bandwidthLimit(1000, clock, never);
    await clock.sleep(3_600_000, never);
    await limit.take(10_000);
    expect(clock.slept - 3_600_000).to.be.greaterThan(9_700);
  });
});

describe('sources', () => {
  const key = { kind: 'packs', hex } as const;
  const make = (notes: string[] = []) => {
    const clock = sleepersClock();
    const sources = createSources({
      stores: ['file:/one', 'file:/two'],
      limit: bandwidthLimit(0, clock, never),
      reporter: { progress: () => undefined, note: (text) => void notes.push(text) },
      clock,
      random: { next: () => 0.5, hex: () => '00' },
    });
    return { clock, sources };
  };
  const fail = (code: CapstanError['code'], details = {}): never => {
    throw new CapstanError(code, `a failure of the kind ${code}`, details);
  };

  it('are tried in order, and one that is away is left alone for a while', async () => {
    const { sources, clock } = make();
    const asked: string[] = [];
    const attempt = ({ name }: Source): Promise<string> => {
      asked.push(name);
      return name === 'file:/one' ? fail('unreachable') : Promise.resolve(name);
    };
    for (let n = 0; n < 3; n++) await sources.fromAny('it', key, attempt, never);
    expect(asked).to.deep.equal(['file:/one', 'file:/two', 'file:/two', 'file:/two']);
    await clock.sleep(60_000, never);
    await sources.fromAny('it', key, attempt, never);
    expect(asked.slice(4)).to.deep.equal(['file:/one', 'file:/two']);
  });

  it('are waited for when all are away, longer and longer, at least as long as they ask for', async () => {
    const notes: string[] = [];
    const { sources, clock } = make(notes);
    let tries = 0;
    const attempt = (): Promise<number> => {
      tries += 1;
      return tries < 8 ? fail('unreachable', { retryAfterMs: 7000 }) : Promise.resolve(tries);
    };
    await sources.fromAny('it', key, attempt, never);
    expect(clock.slept).to.be.greaterThan(7000);
    expect(notes[0]).to.match(/^store file:\/one is not reachable .*trying again in 7s$/);
    expect(notes.at(-1)).to.equal('');
  });

  it('that broke off in the middle are asked for the rest at once', async () => {
    const { sources, clock } = make();
    let breaks = 0;
    const attempt = async (source: Source): Promise<void> => {
      await sources.received(source, 100_000);
      breaks += 1;
      if (breaks < 50) fail('unreachable');
    };
    await sources.fromAny('it', key, attempt, never);
    expect(clock.slept).to.equal(0);
    expect(sources.fetchedFrom().reduce((sum, { bytes }) => sum + bytes, 0)).to.equal(5_000_000);
  });

  it('that break off and only send whole objects are not asked without a pause: all of it would come again', async () => {
    const { sources, clock } = make();
    let breaks = 0;
    const attempt = async (source: Source): Promise<void> => {
      Object.assign(source.store, { sendsRanges: () => false });
      await sources.received(source, 100_000);
      breaks += 1;
      if (breaks < 6) fail('unreachable');
    };
    await sources.fromAny('it', key, attempt, never);
    expect(clock.slept).to.be.greaterThan(1000);
  });

  it('that refuse while others are served are not asked without a pause', async () => {
    const { sources, clock } = make();
    let refused = 0;
    const attempt = async (source: Source): Promise<void> => {
      await sources.received({ ...source }, 1_000_000); // another worker's
      refused += 1;
      if (refused < 6) fail('unreachable');
    };
    await sources.fromAny('it', key, attempt, never);
    expect(clock.slept).to.be.greaterThan(1000);
  });

  it('that do not have it are not waited for, and the sentence names all of them', async () => {
    const { sources, clock } = make();
    const error: unknown = await sources
      .fromAny('pack abab', key, () => fail('notFound'), never)
      .catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(CapstanError).and.include({ code: 'notFound' });
    expect((error as CapstanError).message).to.match(
      /^pack abab cannot be had from file:\/one, file:\/two: /,
    );
    expect(clock.slept).to.equal(0);
  });

  it('that are corrupt again and again are tried last, and reported', async () => {
    const { sources } = make();
    const asked: string[] = [];
    const attempt = ({ name }: Source): Promise<string> => {
      asked.push(name);
      return name === 'file:/one' ? fail('corrupt') : Promise.resolve(name);
    };
    for (let n = 0; n < 6; n++) await sources.fromAny('it', key, attempt, never);
    expect(asked.filter((name) => name === 'file:/one')).to.have.length(3);
    expect(sources.corruptNames()).to.deep.equal(['file:/one']);
  });
});

/** Frames in order, with gaps between them, in two packs. */
const frames = fc
  .array(
    fc.record({
      gap: fc.oneof(fc.constant(0), fc.nat(200_000)),
      length: fc.integer({ min: 1, max: 3_000_000 }),
    }),
    {
      minLength: 1,
      maxLength: 40,
    },
  )
  .map((parts) => {
    let at = 0;
    return parts.map(({ gap, length }, index): Frame => {
      const pack = index < parts.length / 2 ? 0 : 1;
      if (index > 0 && pack === 1 && index - 1 < parts.length / 2) at = 0;
      const offset = at + gap;
      at = offset + length;
      return { pack, offset, length, rawLength: 1, sha256: hex };
    });
  });

describe('ranges', () => {
  it('hold every frame once, in order, and no more that nobody needs than is allowed', () => {
    fc.assert(
      fc.property(frames, fc.nat(500_000), fc.constantFrom(1, 4), (wanted, spareBytes, connections) => {
        const ranges = planRanges(wanted, { spareBytes, connections });
        expect(ranges.flatMap((range) => range.frames)).to.deep.equal(wanted);
        const fetched = ranges.reduce((sum, { length }) => sum + length, 0);
        const needed = wanted.reduce((sum, { length }) => sum + length, 0);
        expect(fetched - needed).to.be.within(0, spareBytes);
        for (const range of ranges) {
          expect(range.length).to.be.at.most(8 * 1024 * 1024);
          expect(new Set(range.frames.map(({ pack }) => pack)).size).to.equal(1);
        }
      }),
    );
  });

  it('spread what is large over all connections, and join what is small into one request', () => {
    const row = (count: number, length: number): Frame[] =>
      Array.from({ length: count }, (_, n) => ({
        pack: 0,
        offset: n * length,
        length,
        rawLength: 1,
        sha256: hex,
      }));
    expect(planRanges(row(64, 250_000), { connections: 4 })).to.have.length(4);
    expect(planRanges(row(64, 10_000), { connections: 4 })).to.have.length(1);
    expect(planRanges(row(640, 250_000), { connections: 4 })).to.have.length(20);
  });

  it('are cut into frames from pieces of any size, and go on at any byte after a break', () => {
    const bytes = Buffer.from(Array.from({ length: 300 }, (_, n) => n % 251));
    const wanted = [
      { pack: 0, offset: 5, length: 40, rawLength: 1, sha256: hex },
      { pack: 0, offset: 45, length: 1, rawLength: 1, sha256: hex },
      { pack: 0, offset: 100, length: 150, rawLength: 1, sha256: hex },
    ];
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1 }), fc.nat(5), (sizes, start) => {
        const cutter = frameCutter(wanted, start);
        const found: Buffer[] = [];
        for (let n = 0; cutter.at < cutter.end; n++) {
          const piece = bytes.subarray(cutter.at, cutter.at + (sizes[n % sizes.length] ?? 1));
          const before = cutter.rest.length;
          for (const { packed } of cutter.push(piece)) found.push(Buffer.from(packed));
          expect(cutter.rest.length).to.be.at.most(before);
        }
        expect(found).to.deep.equal(
          wanted.map(({ offset, length }) => bytes.subarray(offset, offset + length)),
        );
        expect(cutter.partial).to.equal(undefined);
      }),
    );
  });

  it('leave what comes between frames where it is found when it is needed after all', async () => {
    const dir = await tempDir();
    const bytes = Buffer.from(Array.from({ length: 300 }, (_, n) => n % 251));
    const wanted = [
      { pack: 0, offset: 10, length: 40, rawLength: 1, sha256: hex },
      { pack: 0, offset: 200, length: 20, rawLength: 1, sha256: hex },
    ];
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1 }), (sizes) => {
        const surplus = new Surplus(join(dir, 'surplus'));
        const cutter = frameCutter(wanted, 0, (at, some) => {
          surplus.keep(hex, at, some);
        });
        for (let n = 0; cutter.at < cutter.end; n++) {
          const piece = bytes.subarray(cutter.at, cutter.at + (sizes[n % sizes.length] ?? 1));
          for (const { frame, packed } of cutter.push(piece)) surplus.keep(hex, frame.offset, packed);
        }
        expect(surplus.find(hex, 2, 7)).to.deep.equal(bytes.subarray(2, 9));
        expect(surplus.find(hex, 5, 200)).to.deep.equal(bytes.subarray(5, 205));
        expect(surplus.find(hex, 210, 11)).to.equal(undefined);
        expect(surplus.find('ff'.repeat(32), 2, 7)).to.equal(undefined);
        surplus.close();
      }),
    );
  });

  it('leave nothing there where it cannot be written', async () => {
    const surplus = new Surplus(join(await tempDir(), 'gone', 'surplus'));
    surplus.keep(hex, 0, Buffer.from('123'));
    expect(surplus.find(hex, 0, 1)).to.equal(undefined);
    surplus.close();
  });
});

describe('the list of chunks', () => {
  const frame = (length: number, raw?: string): Frame => ({
    ...{ pack: 0, offset: 0, length: 10, rawLength: length, sha256: hex },
    ...(raw === undefined ? {} : { rawSha256: sha256(Buffer.from(raw)) }),
  });
  const layout: Layout = {
    manifest: hex,
    packs: [{ hex, size: 100 }],
    frames: [frame(1000, 'a'), frame(500), frame(2000, 'b')],
    contents: new Map([
      [
        '11'.repeat(32),
        [
          { frame: 0, offset: 0, length: 1000 },
          { frame: 2, offset: 0, length: 2000 },
        ],
      ],
      ['22'.repeat(32), [{ frame: 1, offset: 100, length: 50 }]],
    ]),
  };

  it('has the large contents of a layout, and comes back from its file', () => {
    const list = chunkListOf(layout);
    expect([...list.keys()]).to.deep.equal(['11'.repeat(32)]);
    expect(list.get('11'.repeat(32))?.map(({ length }) => length)).to.deep.equal([1000, 2000]);
    expect(decodeChunkList(encodeChunkList(list))).to.deep.equal(list);
  });

  it('is refused when it is damaged', () => {
    const good = encodeChunkList(chunkListOf(layout));
    for (const bad of [good.subarray(0, -9), Buffer.from('no'), Buffer.alloc(0)]) {
      expect(() => decodeChunkList(bad))
        .to.throw(CapstanError)
        .with.property('code', 'corrupt');
    }
  });
});

describe('a hole', () => {
  it('is told from what has a bit in it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3000 }), fc.option(fc.nat(2999)), (size, at) => {
        const bytes = Buffer.alloc(size);
        if (at !== null && at < size) bytes[at] = 1;
        expect(isAllZero(bytes)).to.equal(at === null || at >= size);
      }),
    );
  });
});
