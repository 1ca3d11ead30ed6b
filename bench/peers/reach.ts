import type { Figure } from '../support/figures.js';
import type { Row } from './row.js';
import type { Spread } from './spread.js';
import type { Trees } from './trees.js';

export interface Rows {
  readonly alone: Row;
  readonly ours: Row;
  readonly originAlone: Row;
  readonly torrent: Row | undefined;
}

/** As ratios to what one node takes alone, and in copies of what had to come. */
export function figuresOf({ size, changed }: Trees, rows: Rows): readonly Figure[] {
  return [
    ...figuresOfOne('cold', rows, size, { time: 1.5, copies: 3 }),
    ...figuresOfOne('update', rows, changed),
  ];
}

function figuresOfOne(
  what: 'cold' | 'update',
  { alone, ours, originAlone, torrent }: Rows,
  bytes: number,
  reach?: { readonly time: number; readonly copies: number },
): readonly Figure[] {
  const times = (spread: Spread): number => spread.seconds / alone[what].seconds;
  const copies = (spread: Spread): number => spread.originBytes / bytes;
  const others = [originAlone, ...(torrent === undefined ? [] : [torrent])];
  return [
    { name: `${what}: one node alone`, value: alone[what].seconds, unit: 's' },
    {
      ...{
        name: `${what}: time until the last node has it, of one node alone's`,
        value: times(ours[what]),
        unit: 'x',
      },
      ...(reach === undefined ? {} : { reach: reach.time }),
    },
    {
      ...{ name: `${what}: sent by the origin`, value: copies(ours[what]), unit: 'copies' },
      ...(reach === undefined ? {} : { reach: reach.copies }),
    },
    ...others.flatMap((row) => [
      { name: `${what}, ${row.name}: time`, value: times(row[what]), unit: 'x' },
      { name: `${what}, ${row.name}: sent by the origin`, value: copies(row[what]), unit: 'copies' },
    ]),
  ];
}
