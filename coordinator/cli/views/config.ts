import type { ConfigView } from '../../../shared/wire/operator-client.js';
import type { Paint } from '../terminal/style.js';
import { type Cell, oneLine, renderTable } from '../terminal/table.js';
import { toSecond } from './wire-words.js';

/** A config release as `--output json` prints it. */
export function configJson({ number, createdAt, createdBy, changes, proven }: ConfigView) {
  return { number, createdAt, createdBy, changes, ...(proven ? { proven: true } : {}) };
}

type ConfigJson = ReturnType<typeof configJson>;

export async function configListText(configs: readonly ConfigJson[], paint: Paint): Promise<string> {
  if (configs.length === 0) return 'No config releases yet: the next change of its values makes the first.\n';
  const rows = configs.flatMap((config): readonly (readonly Cell[])[] => {
    const [first = '', ...more] = config.changes;
    const state = config.proven === true ? { text: 'proven', tone: 'good' as const } : '';
    const start = [String(config.number), toSecond(config.createdAt), config.createdBy, state, first];
    return [start, ...more.map((change) => ['', '', '', '', change])];
  });
  return `${await renderTable(paint, ['CONFIG', 'CREATED', 'BY', 'STATE', 'CHANGES'], rows)}\n`;
}

export function configText(
  { app, env }: { readonly app: string; readonly env: string },
  config: ConfigJson & { readonly values: Readonly<Record<string, string>> },
  paint: Paint,
): string {
  const values = Object.entries(config.values).sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    paint('strong', `${app}/${env} config ${config.number}`),
    oneLine(
      `created ${toSecond(config.createdAt)} by ${config.createdBy}${config.proven === true ? '; proven' : ''}`,
    ),
    ...config.changes.map((change) => `  ${oneLine(change)}`),
    '',
    ...(values.length === 0 ? ['No values.'] : values.map(([name, value]) => oneLine(`${name}=${value}`))),
    '',
  ].join('\n');
}
