import Table from 'cli-table3';
import { type Figure, median } from '../support/figures.js';

/** Of each way, how long it took each time. Seconds. */
type Times = ReadonlyMap<string, readonly number[]>;

/** How much of a peer's time ours may take. */
const reaches: Readonly<Record<string, number>> = { capistrano: 0.1, ansible: 0.1, 'ssh loop': 1 };

export function figuresOf(times: Times): readonly Figure[] {
  const ours = median(times.get('capstan') ?? []);
  return [...times].flatMap(([name, list]) => {
    const time = { name: `${name}: command to done on all hosts`, value: median(list), unit: 's' };
    const reach = reaches[name];
    if (reach === undefined) return [time];
    return [time, { name: `capstan, of ${name}'s time`, value: ours / time.value, unit: 'x', reach }];
  });
}

/** A row for each way: from the command to its end, and how many times what ours takes. */
export function printTimes(times: Times, hosts: number): void {
  const table = new Table({
    head: [`${hosts} hosts`, 'runs', 'median, s', 'fastest', 'slowest', "of capstan's"],
    style: { head: [], border: [] },
    colAligns: ['left', 'right', 'right', 'right', 'right', 'right'],
  });
  const ours = median(times.get('capstan') ?? []);
  for (const [name, list] of times) {
    const seconds = [median(list), Math.min(...list), Math.max(...list)];
    const cells = seconds.map((each) => each.toFixed(2));
    table.push([name, list.length, ...cells, `${(median(list) / ours).toFixed(1)}x`]);
  }
  console.log(table.toString());
}
