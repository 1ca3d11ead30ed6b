import { formatBytes } from '../../../shared/core/bytes.js';
import type {
  CollectGarbageResult,
  StoreProblem,
  VerifyStoreResult,
} from '../../../shared/wire/operator-client.js';
import type { Paint } from '../terminal/style.js';
import { oneLine } from '../terminal/table.js';
import { toNumber } from './wire-words.js';

interface Counted {
  readonly objects: number;
  readonly bytes: number;
}

type WireCounts = CollectGarbageResult['removed'];

/** What `store gc --output json` prints; bytes as stored. */
export function garbageJson(
  { retired, removed, kept, young, unfinished }: CollectGarbageResult,
  dryRun: boolean,
) {
  return {
    dryRun,
    retired,
    removed: { ...sumOf(removed), byKind: byKind(removed) },
    kept: { ...sumOf(kept), byKind: byKind(kept) },
    young: { objects: toNumber(young?.objects ?? '0'), bytes: toNumber(young?.bytes ?? '0') },
    unfinished: toNumber(unfinished),
  };
}

const byKind = (counts: WireCounts): Readonly<Record<string, Counted>> =>
  Object.fromEntries(
    counts.map(({ kind, objects, bytes }) => [kind, { objects: toNumber(objects), bytes: toNumber(bytes) }]),
  );

const sumOf = (counts: WireCounts): Counted => ({
  objects: counts.reduce((sum, { objects }) => sum + toNumber(objects), 0),
  bytes: counts.reduce((sum, { bytes }) => sum + toNumber(bytes), 0),
});

export function garbageText(report: ReturnType<typeof garbageJson>): string {
  const { dryRun, retired, removed, kept, young, unfinished } = report;
  const given = dryRun ? 'Would give up' : 'Gave up';
  const lines = [
    retired.length === 0
      ? `${given} no release.`
      : `${given} ${amount(retired.length, 'release')}: ${retired.join(', ')}.`,
    `${dryRun ? 'Would remove' : 'Removed'} ${counted(removed)}; kept ${counted(kept)}.`,
    ...(young.objects === 0
      ? []
      : [`Left ${counted(young)} that no release needs, but that are new or being published.`]),
    ...(unfinished === 0 ? [] : [`Cleared away ${amount(unfinished, 'upload')} that ended halfway.`]),
  ];
  return lines.map((line) => `${oneLine(line)}\n`).join('');
}

const amount = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

const counted = ({ objects, bytes }: Counted): string =>
  objects === 0 ? 'nothing' : `${amount(objects, 'object')} (${formatBytes(bytes)})`;

/** What `store verify --output json` prints. */
export const verifyJson = (
  { objects, bytes, releases }: VerifyStoreResult,
  problems: readonly StoreProblem[],
) => ({
  objects: toNumber(objects),
  bytes: toNumber(bytes),
  releases: toNumber(releases),
  problems: problems.map(({ object, problem, releases: hit }) => ({ object, problem, releases: hit })),
});

export function verifyText(
  { objects, bytes, releases, problems }: ReturnType<typeof verifyJson>,
  paint: Paint,
): string {
  const read = `Read ${counted({ objects, bytes })} of ${amount(releases, 'release')}`;
  if (problems.length === 0) return `${read}: all of it is as it should be.\n`;
  const faults = problems.map(({ object, problem, releases: hit }) => {
    const whom = hit.length === 0 ? 'no release needs it' : `needed by ${hit.join(', ')}`;
    return `${paint('bad', 'fault:')} ${oneLine(`${object} ${problem} (${whom})`)}\n`;
  });
  const hit = new Set(problems.flatMap((problem) => problem.releases)).size;
  const advice =
    hit === 0
      ? ''
      : ' Put it back from a copy, or remove what is damaged and publish the same again under the same version.';
  return `${faults.join('')}${read}: ${amount(problems.length, 'fault')}, ${amount(hit, 'release')} hit.${advice}\n`;
}
