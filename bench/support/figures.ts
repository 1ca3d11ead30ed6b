import Table from 'cli-table3';

/** One measured number. A figure with a reach is met if the value is at most the reach. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** The most it may be. */
  readonly reach?: number;
}

/** A table for people, then one line of JSON for machines, which is the last. */
export function printFigures(bench: string, figures: readonly Figure[]): void {
  const table = new Table({
    head: ['figure', 'value', 'unit', 'reach', 'met'],
    style: { head: [], border: [] },
    colAligns: ['left', 'right', 'left', 'right', 'left'],
  });
  for (const { name, value, unit, reach } of figures) {
    const met = reach === undefined ? '' : value <= reach ? 'yes' : 'no';
    table.push([name, readable(value), unit, reach === undefined ? '' : `≤ ${reach}`, met]);
  }
  console.log(table.toString());
  const rows = figures.map(({ name, value, unit, reach }) => ({
    name,
    value: Number(value.toPrecision(5)),
    unit,
    ...(reach === undefined ? {} : { reach, met: value <= reach }),
  }));
  console.log(JSON.stringify({ bench, figures: rows }));
}

function readable(value: number): string {
  if (value >= 100) return value.toFixed(0);
  return value >= 10 ? value.toFixed(1) : value.toFixed(3);
}

export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

/** Nearest rank; NaN of nothing. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const rank = Math.max(1, Math.ceil((percent / 100) * sorted.length));
  return sorted[rank - 1] ?? Number.NaN;
}
