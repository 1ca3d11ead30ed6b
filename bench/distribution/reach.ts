import type { Outcome } from '../support/command.js';
import { type Figure, median } from '../support/figures.js';
import { loopback } from '../support/link.js';
import type { Cell, Operation } from './cell.js';
import { packsAlone, withPatches } from './methods/capstan.js';
import type { PairResult } from './pair-result.js';

const deltaTools = ['rsync -z', 'casync', 'ostree', 'zchunk'];
const chunkStores = ['casync', 'ostree', 'zchunk'];
const peers = ['tar.gz', 'tar.zst', ...deltaTools];

/** How many pairs may take more than half of the best peer's bytes, with patches. */
const mostAboveHalf = 3;

/** The cells of one pair, for one operation over one link. */
interface View {
  of(method: string): Cell | undefined;
  /** The least of a value among these methods; undefined if one of them was not measured. */
  best(methods: readonly string[], value: (cell: Cell) => number): number | undefined;
}

const bytes = (cell: Cell): number => cell.bytes;
const wall = (cell: Cell): number => cell.wallMs;

/** What was to be reached with one pair, as ratios of ours to the peers' in the same run. */
export function figuresOfPair(result: PairResult): readonly Figure[] {
  const { name } = result.pair;
  const links = [...new Set(result.cells.map(({ link }) => link))];
  return [
    ...bytesOfUpdate(name, view(result, 'update', loopback.name)),
    ...links.flatMap((link) => timesOfUpdate(name, link, view(result, 'update', link))),
    ...links.flatMap((link) => coldInstall(name, link, view(result, 'cold', link))),
    ...publishing(name, result),
  ];
}

/** What was to be reached over all pairs: patches take at most half of the best peer's bytes on three pairs at least. */
export function figuresOfAll(results: readonly PairResult[]): readonly Figure[] {
  const ratios = results.flatMap((result) => {
    const update = view(result, 'update', loopback.name);
    return ratio(update.of(withPatches)?.bytes, update.best(peers, bytes)) ?? [];
  });
  if (ratios.length === 0 || ratios.length < results.length) return [];
  const above = ratios.filter((each) => each > 0.5).length;
  const reach = results.length > mostAboveHalf ? { reach: mostAboveHalf } : {};
  return [
    {
      name: 'pairs with more than half of the best peer’s bytes, with patches',
      value: above,
      unit: '',
      ...reach,
    },
  ];
}

function bytesOfUpdate(pair: string, update: View): readonly Figure[] {
  const [alone, patched] = [update.of(packsAlone), update.of(withPatches)];
  return [
    ...figure(`${pair}: bytes of an update, packs alone, of the best chunk store's`, {
      value: ratio(alone?.bytes, update.best(chunkStores, bytes)),
      reach: pair === 'next' ? 2 : 1.1,
    }),
    ...figure(`${pair}: bytes of an update, with patches, of the best peer's`, {
      value: ratio(patched?.bytes, update.best(peers, bytes)),
      ...(pair === 'mermaid' ? {} : { reach: 1 }),
    }),
    ...[alone, patched].flatMap((cell) =>
      figure(`${pair}: requests of an update, ${cell?.method ?? ''}`, {
        value: cell?.requests,
        unit: '',
        reach: 8,
      }),
    ),
  ];
}

function timesOfUpdate(pair: string, link: string, update: View): readonly Figure[] {
  const ours = (update.of(withPatches) ?? update.of(packsAlone))?.wallMs;
  if (link !== loopback.name) {
    return figure(`${pair}: time of an update over ${link}, of the fastest peer's`, {
      value: ratio(ours, update.best(peers, wall)),
      reach: 1,
    });
  }
  return [
    ...figure(`${pair}: time of an update on ${link}, of the fastest delta tool's`, {
      value: ratio(ours, update.best(deltaTools, wall)),
      reach: 1,
    }),
    ...figure(`${pair}: time of an update on ${link}, of tar.zst's`, {
      value: ratio(ours, update.of('tar.zst')?.wallMs),
      reach: 1.5,
    }),
  ];
}

function coldInstall(pair: string, link: string, cold: View): readonly Figure[] {
  const ours = cold.of(packsAlone);
  const time = figure(`${pair}: time of a cold install over ${link}, of tar.zst's`, {
    value: ratio(ours?.wallMs, cold.of('tar.zst')?.wallMs),
    reach: 1.5,
  });
  if (link !== loopback.name) return time;
  const size = figure(`${pair}: bytes of a cold install, of tar.gz's`, {
    value: ratio(ours?.bytes, cold.of('tar.gz')?.bytes),
    reach: 1.1,
  });
  return [...size, ...time];
}

function publishing(pair: string, { published }: PairResult): readonly Figure[] {
  const time = (outcomes: readonly Outcome[]): number => median(outcomes.map(({ wallMs }) => wallMs));
  return figure(`${pair}: time to publish the second release, of tar -I 'zstd -3''s`, {
    value: ratio(time(published.second), time(published.archive)),
    reach: 3,
  });
}

function view({ cells }: PairResult, operation: Operation, link: string): View {
  const here = cells.filter((cell) => cell.operation === operation && cell.link === link);
  const of = (method: string): Cell | undefined => here.find((cell) => cell.method === method);
  return {
    of,
    best(methods, value) {
      const found = methods.flatMap((method) => of(method) ?? []);
      return found.length === methods.length ? Math.min(...found.map(value)) : undefined;
    },
  };
}

const ratio = (ours: number | undefined, theirs: number | undefined): number | undefined =>
  ours === undefined || theirs === undefined ? undefined : ours / theirs;

interface Measured {
  readonly value: number | undefined;
  readonly unit?: string;
  readonly reach?: number;
}

/** None if something that it compares was not measured. */
function figure(name: string, { value, unit = 'x', ...reach }: Measured): readonly Figure[] {
  return value === undefined ? [] : [{ name, value, unit, ...reach }];
}
