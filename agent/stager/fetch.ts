import { CapstanError } from '../../shared/model/errors.js';
import { unpackFrame } from '../../shared/release/frame.js';
import type { Frame, Layout } from '../../shared/release/layout.js';
import { cutFrames, type FrameRange, planRanges } from '../../shared/release/range-plan.js';
import type { Reporter } from './reporter.js';
import type { Sources } from './sources.js';
import { BadContent, type TreeWriter } from './tree-writer.js';

/** Requests under way at once. */
const connections = 4;

/**
 * Fetches every frame the writer needs and hands it over, checked. What has come is never asked for again: after a
 * break, or when a frame is corrupt, only the rest is.
 * @returns the bytes that were read from stores
 */
export async function fetchFrames(
  layout: Layout,
  writer: TreeWriter,
  sources: Sources,
  reporter: Reporter,
): Promise<number> {
  const indexes = new Map<Frame, number>();
  const needed: Frame[] = [];
  for (const index of writer.neededFrames) {
    const frame = layout.frames[index];
    if (frame === undefined) continue;
    indexes.set(frame, index);
    needed.push(frame);
  }
  const total = needed.reduce((sum, frame) => sum + frame.length, 0);
  let done = 0;
  let read = 0;
  reporter.progress('fetch', done, total);

  const take = (frame: Frame, raw: Buffer): void => {
    const index = indexes.get(frame);
    if (index === undefined) return;
    writer.takeFrame(index, raw);
    indexes.delete(frame);
    done += frame.length;
    reporter.progress('fetch', done, total);
  };

  const fetchRange = async (range: FrameRange): Promise<void> => {
    const pack = layout.packs[range.pack];
    if (pack === undefined) return;
    const key = { kind: 'packs', hex: pack.hex } as const;
    await sources.fromAny(`pack ${pack.hex.slice(0, 12)}`, async (store) => {
      let bad: CapstanError | undefined;
      for (const rest of planRanges(range.frames.filter((frame) => indexes.has(frame)))) {
        for await (const { frame, packed } of cutFrames(
          rest,
          store.getRange(key, { ...rest, objectSize: pack.size }),
        )) {
          read += packed.length;
          const raw = soundFrame(frame, packed);
          if (raw instanceof CapstanError) bad = raw;
          else take(frame, raw);
        }
      }
      if (bad !== undefined) throw bad;
    });
  };

  await inParallel(planRanges(needed), fetchRange);
  return read;
}

/** One corrupt frame does not end a transfer: the others in it are good. */
function soundFrame(frame: Frame, packed: Buffer): Buffer | CapstanError {
  try {
    return unpackFrame(packed, frame);
  } catch (error) {
    return CapstanError.from(error, 'corrupt');
  }
}

async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  let failed = false;
  const worker = async (): Promise<void> => {
    for (const item of queue) {
      if (failed) return;
      await work(item);
    }
  };
  const workers = Array.from({ length: Math.min(connections, items.length) }, () =>
    worker().catch((error: unknown) => {
      failed = true;
      throw error instanceof BadContent ? error.reason : error;
    }),
  );
  await Promise.all(workers);
}
