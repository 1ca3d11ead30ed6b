import { shellWord } from '../../../shared/core/shell-word.js';
import type { TokenView } from '../../../shared/wire/operator-client.js';
import type { Paint } from '../terminal/style.js';
import { oneLine, renderTable } from '../terminal/table.js';
import { optional } from './wire-words.js';

/** A join token, as `--output json` prints it. The token itself is known to whoever made it. */
export const tokenJson = ({
  env,
  id,
  labels,
  createdBy,
  createdAt,
  expiresAt,
  uses,
  used,
  state,
}: TokenView) => ({
  ...{ id, state, labels },
  ...optional('env', env),
  ...{ uses, used, createdBy, createdAt, expiresAt },
});

type TokenJson = ReturnType<typeof tokenJson>;

const labelText = (labels: TokenJson['labels']): string =>
  Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');

export async function tokenListText(tokens: readonly TokenJson[], paint: Paint): Promise<string> {
  if (tokens.length === 0) return 'There are no join tokens.\n';
  const rows = tokens.map(({ id, state, labels, env = '', uses, used, expiresAt, createdBy }) => [
    ...[id, state === 'usedUp' ? 'used up' : state, `${used}/${uses}`, expiresAt, env],
    ...[oneLine(labelText(labels)), oneLine(createdBy)],
  ]);
  const head = ['ID', 'STATE', 'USED', 'EXPIRES', 'ENV', 'LABELS', 'MADE BY'];
  return `${await renderTable(paint, head, rows)}\n`;
}

interface NewToken {
  readonly token: string;
  readonly pin: string;
  /** Where servers enrol, `host:port`. */
  readonly coordinator: string;
  readonly install?: string;
}

/** A token that was just made, and what to do with it. */
export function newTokenText({
  token,
  pin,
  coordinator,
  install,
  uses,
  expiresAt,
}: TokenJson & NewToken): string {
  const nodes = uses === 1 ? 'node' : 'nodes';
  return [
    token,
    '',
    `For ${uses} ${nodes}, until ${expiresAt}. It is not shown again.`,
    '',
    ...(install === undefined
      ? ['The coordinator has no package of the agent; on a server that has it, with the token in a file:']
      : [
          'On the server, as root:',
          '',
          `  ${install}`,
          '',
          'Or, where the agent is installed, with the token in a file:',
        ]),
    '',
    `  capstan-agent enrol --coordinator ${shellWord(coordinator)} --pin ${pin} --token-file FILE`,
    '',
  ].join('\n');
}
