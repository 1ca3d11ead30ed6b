import Table from 'cli-table3';
import { median } from '../support/figures.js';
import type { Cell, Operation } from './cell.js';
import type { PairResult } from './pair-result.js';

const titles: Readonly<Record<Operation, string>> = {
  update: 'update from the first release to the second',
  cold: 'second release on a node that has nothing',
};

/** One table an operation: a row for each method, with what it took over each link. */
export function printPair({ pair, published, cells }: PairResult, links: readonly string[]): void {
  for (const operation of ['update', 'cold'] as const) {
    console.log(`\n${pair.name}: ${titles[operation]}`);
    const table = new Table({
      head: ['', 'MB', 'requests', ...links.flatMap((link) => [`${link}: s`, 'CPU s'])],
      style: { head: [], border: [] },
      colAligns: ['left', ...Array.from({ length: 2 + 2 * links.length }, () => 'right' as const)],
    });
    const ofOperation = cells.filter((cell) => cell.operation === operation);
    for (const method of new Set(ofOperation.map((cell) => cell.method))) {
      const row = ofOperation.filter((cell) => cell.method === method);
      const [first] = row;
      if (first === undefined) continue;
      table.push([method, megabytes(first.bytes), count(first.requests), ...row.flatMap(times)]);
    }
    console.log(table.toString());
  }
  const { first, second, archive } = published;
  const wall = (outcomes: readonly { readonly wallMs: number }[]): string =>
    seconds(median(outcomes.map(({ wallMs }) => wallMs)));
  console.log(
    `publish: first release ${seconds(first.wallMs)} s, second ${wall(second)} s; tar -I 'zstd -3' ${wall(archive)} s`,
  );
}

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(bytes < 1e6 ? 3 : 1);
const seconds = (ms: number): string => (ms / 1000).toFixed(2);
const count = (requests: number): string => (Number.isNaN(requests) ? '–' : `${requests}`);
const times = ({ wallMs, cpuMs }: Cell): readonly string[] => [seconds(wallMs), seconds(cpuMs)];
