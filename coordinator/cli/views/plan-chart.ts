import type { PlanJson } from './plan-json.js';

type Wave = PlanJson['waves'][number];

/** Which part of the whole a column shows. */
interface Columns {
  readonly count: number;
  readonly durationMs: number;
}

/** `  ===....  `: `=` while nodes of the wave are changed, `.` while none is: it bakes, or waits for its gate or for a window. */
export function waveBar(
  wave: Wave,
  { changes, waits, durationMs: endMs }: Pick<PlanJson, 'changes' | 'waits' | 'durationMs'>,
  columns: Columns,
): string {
  const { beganMs, completeMs = endMs, endedMs = endMs } = wave;
  if (beganMs === undefined) return '';
  const first = columnOf(beganMs, columns);
  const working = Math.max(1, columnOf(Math.min(completeMs, endedMs), columns) - first);
  const resting = Math.max(0, columnOf(endedMs, columns) - first - working);
  const own = changes.filter((change) => change.wave === wave.name);
  const idle = (at: number): boolean =>
    waits.some((wait) => overlaps(at, columns, wait.atMs, wait.untilMs ?? endMs)) &&
    !own.some((change) => overlaps(at, columns, change.beganMs, change.endedMs));
  const work = Array.from({ length: working }, (_, at) => (idle(first + at) ? '.' : '='));
  return `${' '.repeat(first)}${work.join('')}${'.'.repeat(resting)}`.slice(0, columns.count);
}

const overlaps = (column: number, { count, durationMs }: Columns, from: number, to: number): boolean =>
  from * count < (column + 1) * durationMs && to * count > column * durationMs;

/** `▇▇▅▅▇`: for each column how few serve at worst, of all that could. */
export function availabilityBar(
  availability: PlanJson['availability'],
  capacity: number,
  columns: Columns,
): string {
  const lowest = Array.from({ length: columns.count }, () => Number.POSITIVE_INFINITY);
  availability.forEach(({ atMs, serving }, at) => {
    const from = Math.min(columnOf(atMs, columns), columns.count - 1);
    const until = availability[at + 1]?.atMs ?? columns.durationMs;
    const to = Math.max(from, Math.min(columnOf(until, columns), columns.count) - 1);
    for (let column = from; column <= to; column++) {
      lowest[column] = Math.min(lowest[column] ?? serving, serving);
    }
  });
  return lowest.map((serving) => levelOf(serving, capacity)).join('');
}

const levels = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;

/** Full only if all serve, empty only if none does. */
function levelOf(serving: number, capacity: number): string {
  if (!Number.isFinite(serving) || capacity === 0 || serving <= 0) return ' ';
  if (serving >= capacity) return levels[7];
  return levels[Math.min(6, Math.floor((serving / capacity) * 8))] ?? levels[0];
}

const columnOf = (ms: number, { count, durationMs }: Columns): number =>
  durationMs === 0 ? 0 : Math.floor((ms * count) / durationMs);
