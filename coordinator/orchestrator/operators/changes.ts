import { CapstanError } from '../../../shared/model/errors.js';
import { isUseNoted, type Operator, operatorState } from '../../core/operators/operator.js';
import { placeText } from '../../core/operators/rights.js';
import { byItself } from '../../ports/operations.js';
import type { CreateOperatorCommand } from '../../ports/operators.js';
import type { Batch } from '../batch.js';
import type { World } from '../world.js';

/** Looked through when somebody makes or ends one: more than this is no list of people and programs any more. */
const maxOperators = 10_000;
/** So long one that is of no use any more is still listed. Milliseconds. */
const keptMs = 30 * 86_400_000;

/** Actors of events that are nobody's token. */
const reserved: ReadonlySet<string> = new Set([byItself, 'admin']);

/** @throws CapstanError `conflict` if the name or the token is taken, `refused` if there are too many */
export function createOperator(batch: Batch, command: CreateOperatorCommand, by: string): Operator {
  const { hash, name, role, places, ttlMs } = command;
  const { world, now } = batch;
  if (reserved.has(name))
    throw new CapstanError('conflict', `Nobody can be named ${name}: the coordinator has a use for it.`);
  if (world.operators.has(hash)) throw new CapstanError('conflict', 'There is such a token already.');
  const valid = [...world.operators.values()].find((known) => isValid(known, name, now));
  if (valid !== undefined) {
    throw new CapstanError('conflict', `There is an operator ${name} already.`, {
      hint: `Choose another name; or end that token first: \`capstan operator revoke ${name}\`.`,
    });
  }
  const stale = [...world.operators.values()].filter((known) => isStale(known, now));
  if (world.operators.size - stale.length >= maxOperators)
    throw new CapstanError('refused', `There are ${maxOperators} operators, as many as there may be.`);
  for (const gone of stale) batch.removeOperator(gone.hash);
  const operator: Operator = {
    ...{ name, hash, role, places, createdBy: by, createdAt: now, expiresAt: now + ttlMs },
    ...{ revokedAt: undefined, usedAt: undefined },
  };
  batch.putOperator(operator);
  const where = places === undefined ? '' : ` for ${places.map(placeText).join(', ')}`;
  batch.event('operator.created', `${by} has made a token for ${name}, ${role}${where}`, { actor: by });
  return operator;
}

/** @throws CapstanError `notFound` */
export function revokeOperator(batch: Batch, name: string, by: string): Operator {
  const named = [...batch.world.operators.values()].filter((known) => known.name === name);
  const found = named.find((known) => isValid(known, name, batch.now)) ?? named.at(-1);
  if (found === undefined) {
    throw new CapstanError('notFound', `There is no operator ${name}.`, {
      hint: 'See `capstan operator list` for those there are.',
    });
  }
  if (found.revokedAt !== undefined) return found;
  const revoked = { ...found, revokedAt: batch.now };
  batch.putOperator(revoked);
  batch.event('operator.revoked', `${by} has revoked the token of ${name}`, { actor: by });
  return revoked;
}

export function noteUse(batch: Batch, hash: string): void {
  const known = batch.world.operators.get(hash);
  if (known === undefined || isUseNoted(known, batch.now)) return;
  batch.putOperator({ ...known, usedAt: batch.now });
}

const isValid = (operator: Operator, name: string, now: number): boolean =>
  operator.name === name && operatorState(operator, now) === 'valid';

const isStale = ({ expiresAt, revokedAt }: Operator, now: number): boolean =>
  Math.min(expiresAt, revokedAt ?? expiresAt) + keptMs < now;

/** Newest first. */
export const operatorsOf = ({ operators }: World): readonly Operator[] =>
  [...operators.values()].sort((a, b) => b.createdAt - a.createdAt);
