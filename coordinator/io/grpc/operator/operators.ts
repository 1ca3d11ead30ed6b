import { CapstanError } from '../../../../shared/model/errors.js';
import { isTokenHash } from '../../../../shared/model/join-token.js';
import { isOperatorName, isRole, operatorNameRule, roles } from '../../../../shared/model/operator.js';
import { quoted } from '../../../../shared/release/path-rules.js';
import type { CreateOperatorRequest__Output } from '../../../../shared/wire/gen/capstan/v1/CreateOperatorRequest.js';
import type { OperatorView } from '../../../../shared/wire/gen/capstan/v1/OperatorView.js';
import { type Operator, operatorState } from '../../../core/operators/operator.js';
import { type Place, placeText, type Rights } from '../../../core/operators/rights.js';
import type { CreateOperatorCommand } from '../../../ports/operators.js';
import type { OperatorCaller } from '../identity.js';
import * as given from './requests.js';

const maxTtlMs = 2 * 365 * 86_400_000;
const maxPlaces = 100;

export function createOperatorCommand(request: CreateOperatorRequest__Output): CreateOperatorCommand {
  const { hash, role, environments } = request;
  const name = operatorName(request.name);
  const ttlMs = Number(request.ttlMs);
  if (!isTokenHash(hash)) throw invalid('The hash of the token is missing: 64 hexadecimal digits.');
  if (!isRole(role)) throw invalid(`${quoted(role)} is not a role. There are ${roles.join(', ')}.`);
  if (!Number.isSafeInteger(ttlMs) || ttlMs < 1000 || ttlMs > maxTtlMs)
    throw invalid("An operator's token is valid for a second at least, and for two years at most.");
  if (environments.length > maxPlaces) throw invalid(`An operator is for ${maxPlaces} environments at most.`);
  const places = environments.length === 0 ? undefined : environments.map(place);
  if (places !== undefined && role === 'admin')
    throw invalid(
      'What an admin does is bound to no environment.',
      'Leave --env out, or choose another role.',
    );
  return { hash, name, role, places, ttlMs };
}

export function operatorName(text: string): string {
  if (isOperatorName(text)) return text;
  throw invalid(`${quoted(text)} cannot be the name of an operator.`, `A name is ${operatorNameRule}.`);
}

/** `production` or `web/production` */
const place = (text: string): Place =>
  text.includes('/') ? given.environmentName(text) : { app: undefined, env: given.envName(text) };

/** Who calls, also where there are no tokens. */
export const selfView = ({ name, rights, operator }: OperatorCaller, now: number): OperatorView =>
  operator === undefined ? { ...rightsView(rights), name, state: 'valid' } : operatorView(operator, now);

export const operatorView = (operator: Operator, now: number): OperatorView => ({
  ...rightsView(operator),
  name: operator.name,
  state: operatorState(operator, now),
  createdBy: operator.createdBy,
  createdAt: timeText(operator.createdAt),
  expiresAt: timeText(operator.expiresAt),
  revokedAt: timeText(operator.revokedAt),
  usedAt: timeText(operator.usedAt),
});

const rightsView = ({ role, places = [] }: Rights): Pick<OperatorView, 'role' | 'environments'> => ({
  role,
  environments: places.map(placeText),
});

const timeText = (ms: number | undefined): string => (ms === undefined ? '' : new Date(ms).toISOString());

const invalid = (message: string, hint?: string): CapstanError =>
  new CapstanError('invalid', message, hint === undefined ? {} : { hint });
