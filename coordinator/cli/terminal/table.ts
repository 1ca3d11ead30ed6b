import type { Paint, Tone } from './style.js';

/** A text, or a text in a colour. */
export type Cell = string | { readonly text: string; readonly tone: Tone };

/** Aligned columns without borders, as `kubectl` and `docker` print them; wide characters count double. */
export async function renderTable(
  paint: Paint,
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
): Promise<string> {
  const { default: Table } = await import('cli-table3');
  const table = new Table({
    head: head.map((title) => paint('strong', title)),
    chars: {
      top: '',
      'top-mid': '',
      'top-left': '',
      'top-right': '',
      bottom: '',
      'bottom-mid': '',
      'bottom-left': '',
      'bottom-right': '',
      left: '',
      'left-mid': '',
      mid: '',
      'mid-mid': '',
      right: '',
      'right-mid': '',
      middle: '  ',
    },
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
  });
  for (const row of rows) table.push(row.map((cell) => paintCell(paint, cell)));
  const lines = table.toString().split('\n');
  return lines.map((line) => line.trimEnd()).join('\n');
}

const paintCell = (paint: Paint, cell: Cell): string =>
  typeof cell === 'string' ? oneLine(cell) : paint(cell.tone, oneLine(cell.text));

/** Names and reasons come from elsewhere: control characters would move the cursor or break the row. */
export const oneLine = (text: string): string =>
  text.replaceAll(/[\r\n\t]+/g, ' ').replaceAll(unprintable, '');

/** Text of several lines from elsewhere (log tails), safe to print. */
export const printable = (text: string): string => text.replaceAll('\r\n', '\n').replaceAll(unprintable, '');

/** Control characters other than newline and tab. */
const unprintable = /(?![\n\t])\p{Cc}/gu;
