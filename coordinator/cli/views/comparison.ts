import type { Paint } from '../terminal/style.js';
import { type Cell, oneLine, renderTable } from '../terminal/table.js';
import type { RolloutJson } from './rollout-json.js';

type Comparison = NonNullable<RolloutJson['comparison']>;
type Cohort = Comparison['having'];

/** How the nodes that have the release fare beside the others, for whoever is to let it pass. */
export async function comparisonText(
  { having, lacking, differences }: Comparison,
  version: string,
  paint: Paint,
): Promise<readonly string[]> {
  const row = (title: string, of: (cohort: Cohort) => string): readonly Cell[] => [
    title,
    of(having),
    of(lacking),
  ];
  const pressure = (title: string, of: 'cpu' | 'memory' | 'io'): readonly Cell[] =>
    row(title, (cohort) => (cohort.pressure === undefined ? '-' : `${cohort.pressure[of].toFixed(0)} %`));
  const rows = [
    row('nodes', ({ nodes }) => String(nodes)),
    row('healthy', ({ healthy }) => String(healthy)),
    row('unhealthy', ({ unhealthy }) => String(unhealthy)),
    row('not connected', ({ away }) => String(away)),
    row('restarts a node and hour', ({ restartRate }) => restartRate.toFixed(1)),
    pressure('waited for cpu', 'cpu'),
    pressure('waited for memory', 'memory'),
    pressure('waited for disk', 'io'),
  ];
  const verdict =
    differences.length === 0
      ? [`No worse with ${oneLine(version)} in health, restarts and pressure.`]
      : differences.map((difference) => paint('bad', oneLine(difference)));
  return [await renderTable(paint, ['COMPARED', `WITH ${version}`, 'WITHOUT'], rows), ...verdict];
}
