import Table from 'cli-table3';
import type { Row } from './row.js';
import type { Spread } from './spread.js';
import type { Trees } from './trees.js';

/** A row for each way: until the last node had it, and how many copies the origin sent. */
export function printRows(rows: readonly Row[], { size, changed }: Trees): void {
  const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;
  const table = new Table({
    head: [
      '',
      'runs',
      `cold, ${megabytes(size)}: s`,
      'origin, copies',
      `update, ${megabytes(changed)}: s`,
      'origin, copies',
    ],
    style: { head: [], border: [] },
    colAligns: ['left', 'right', 'right', 'right', 'right', 'right'],
  });
  const cells = ({ seconds, originBytes }: Spread, whole: number): readonly string[] => [
    seconds.toFixed(2),
    (originBytes / whole).toFixed(2),
  ];
  for (const { name, runs, cold, update } of rows) {
    table.push([name, runs, ...cells(cold, size), ...cells(update, changed)]);
  }
  console.log(table.toString());
}
