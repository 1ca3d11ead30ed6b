import Table from 'cli-table3';
import { type Figure, median } from '../support/figures.js';

/** One command, to its end. */
export interface Sample {
  readonly seconds: number;
  /** Of all hosts, the one where the command was given included; NaN if it cannot be told. */
  readonly cpuSeconds: number;
}

/** Of each way, every time. */
type Samples = ReadonlyMap<string, readonly Sample[]>;

/** How much of a peer's time ours may take. */
const reaches: Readonly<Record<string, number>> = { capistrano: 0.1, ansible: 0.1, 'ssh loop': 1 };

const time = (list: readonly Sample[] = []): number => median(list.map(({ seconds }) => seconds));
const cpu = (list: readonly Sample[] = []): number => median(list.map(({ cpuSeconds }) => cpuSeconds));

export function figuresOf(samples: Samples): readonly Figure[] {
  const ours = time(samples.get('capstan'));
  return [...samples].flatMap(([name, list]) => {
    const reach = reaches[name];
    const used = cpu(list);
    return [
      { name: `${name}: command to done on all hosts`, value: time(list), unit: 's' },
      ...(Number.isNaN(used)
        ? []
        : [{ name: `${name}: processor time of all hosts`, value: used, unit: 's' }]),
      ...(reach === undefined
        ? []
        : [{ name: `capstan, of ${name}'s time`, value: ours / time(list), unit: 'x', reach }]),
    ];
  });
}

/** A row for each way: from the command to its end, how many times what ours takes, and what it took of processors. */
export function printSamples(samples: Samples, hosts: number): void {
  const table = new Table({
    head: [`${hosts} hosts`, 'runs', 'median, s', 'fastest', 'slowest', "of capstan's", 'CPU, s'],
    style: { head: [], border: [] },
    colAligns: ['left', 'right', 'right', 'right', 'right', 'right', 'right'],
  });
  const ours = time(samples.get('capstan'));
  for (const [name, list] of samples) {
    const all = list.map(({ seconds }) => seconds);
    const cells = [time(list), Math.min(...all), Math.max(...all)].map((each) => each.toFixed(2));
    const used = cpu(list);
    table.push([
      ...[name, list.length, ...cells, `${(time(list) / ours).toFixed(1)}x`],
      Number.isNaN(used) ? '–' : used.toFixed(1),
    ]);
  }
  console.log(table.toString());
}
