import { CapstanError } from '../../../shared/model/errors.js';
import { type JoinToken, tokenId, tokenState } from '../../core/enrolment/tokens.js';
import type { CreateTokenCommand } from '../../ports/enrolment.js';
import type { Batch } from '../batch.js';
import { labelText } from '../nodes.js';
import type { World } from '../world.js';
import { requirePlace } from './placement.js';

/** More than this, and somebody makes tokens for every server and forgets them. */
const maxTokens = 10_000;
/** So long one that is of no use any more is still listed. Milliseconds. */
const keptMs = 7 * 86_400_000;

/**
 * @throws CapstanError `conflict` if there is such a token, `refused` if its labels place nodes where it does not let
 *   them, or if there are too many
 */
export function createToken(batch: Batch, command: CreateTokenCommand, by: string): JoinToken {
  const { hash, labels, env, ttlMs, uses } = command;
  const { world, now } = batch;
  const stale = [...world.tokens.values()].filter((token) => isStale(token, now));
  if (world.tokens.has(hash)) throw new CapstanError('conflict', 'There is such a token already.');
  if (world.tokens.size - stale.length >= maxTokens) {
    throw new CapstanError('refused', `There are ${maxTokens} join tokens, as many as there may be.`, {
      hint: 'Revoke some (`capstan token revoke`), or give one more --uses.',
    });
  }
  requirePlace(world, { labels, env });
  for (const token of stale) batch.removeToken(token.hash);
  const token: JoinToken = {
    ...{ hash, labels, env, uses, createdBy: by, createdAt: now, expiresAt: now + ttlMs },
    revokedAt: undefined,
    used: 0,
  };
  batch.putToken(token);
  const text = labelText(labels);
  batch.event(
    'token.created',
    `${by} has made the join token ${tokenId(token)} for ${uses} ${uses === 1 ? 'node' : 'nodes'}${text === '' ? '' : ` with the labels ${text}`}`,
    { actor: by, env: env ?? '' },
  );
  return token;
}

function isStale(token: JoinToken, now: number): boolean {
  const ended = Math.min(token.expiresAt, token.revokedAt ?? token.expiresAt);
  return tokenState(token, now) !== 'valid' && ended + keptMs < now;
}

/** @throws CapstanError `notFound`, `invalid` if several begin like this */
export function revokeToken(batch: Batch, id: string, by: string): JoinToken {
  const token = findToken(batch.world, id);
  if (token.revokedAt !== undefined) return token;
  const revoked = { ...token, revokedAt: batch.now };
  batch.putToken(revoked);
  batch.event('token.revoked', `${by} has revoked the join token ${tokenId(token)}`, { actor: by });
  return revoked;
}

function findToken(world: World, id: string): JoinToken {
  const [found, second] = [...world.tokens.values()].filter(({ hash }) => hash.startsWith(id));
  if (found === undefined) {
    throw new CapstanError('notFound', `There is no join token ${id}.`, {
      hint: 'See `capstan token list` for those there are.',
    });
  }
  if (second !== undefined) throw new CapstanError('invalid', `Several join tokens begin with ${id}.`);
  return found;
}
