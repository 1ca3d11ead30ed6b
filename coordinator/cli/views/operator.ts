import { shellWord } from '../../../shared/core/shell-word.js';
import type { OperatorView } from '../../../shared/wire/operator-client.js';
import type { Paint } from '../terminal/style.js';
import { renderTable } from '../terminal/table.js';
import { optional } from './wire-words.js';

/** An operator, as `--output json` prints it. */
export const operatorJson = (view: OperatorView) => ({
  ...{ name: view.name, role: view.role, environments: view.environments, state: view.state },
  ...optional('createdBy', view.createdBy),
  ...optional('createdAt', view.createdAt),
  ...optional('expiresAt', view.expiresAt),
  ...optional('revokedAt', view.revokedAt),
  ...optional('usedAt', view.usedAt),
});

export type OperatorJson = ReturnType<typeof operatorJson>;

export async function operatorListText(operators: readonly OperatorJson[], paint: Paint): Promise<string> {
  if (operators.length === 0) return 'There are no operators but who has admin.token of the coordinator.\n';
  const rows = operators.map((operator) => [
    ...[operator.name, operator.role, placesText(operator), operator.state, operator.expiresAt ?? ''],
    ...[operator.usedAt ?? 'never', operator.createdBy ?? ''],
  ]);
  const head = ['NAME', 'ROLE', 'ENVIRONMENTS', 'STATE', 'EXPIRES', 'LAST USED', 'MADE BY'];
  return `${await renderTable(paint, head, rows)}\n`;
}

const placesText = ({ environments }: Pick<OperatorJson, 'environments'>): string =>
  environments.length === 0 ? '*' : environments.join(',');

/** "deployer for web/production" */
export const rightsText = (operator: OperatorJson): string =>
  operator.environments.length === 0 ? operator.role : `${operator.role} for ${placesText(operator)}`;

/** A token that was just made, and what to do with it. */
export const newOperatorText = (
  made: OperatorJson & { readonly token: string; readonly pin: string; readonly coordinator: string },
): string =>
  [
    made.token,
    '',
    `For ${made.name}, ${rightsText(made)}, until ${made.expiresAt ?? ''}. It is not shown again. Whoever has it:`,
    '',
    `  capstan login --coordinator ${shellWord(made.coordinator)} --ca-pin ${made.pin}`,
    '',
  ].join('\n');
