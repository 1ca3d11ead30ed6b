import { CapstanError } from '../../../shared/model/errors.js';
import type { Rights } from './rights.js';

/** Somebody, or a program, that may call. The token itself is known to whoever made it, and to nobody else. */
export interface Operator extends Rights {
  /** The actor of what is done with the token. */
  readonly name: string;
  /** SHA-256 of the token, in hexadecimal. */
  readonly hash: string;
  readonly createdBy: string;
  /** Milliseconds since the epoch, all of them. */
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly revokedAt: number | undefined;
  /** To the hour; undefined: never. */
  readonly usedAt: number | undefined;
}

export type OperatorState = 'valid' | 'revoked' | 'expired';

export function operatorState({ revokedAt, expiresAt }: Operator, now: number): OperatorState {
  if (revokedAt !== undefined) return 'revoked';
  return now >= expiresAt ? 'expired' : 'valid';
}

/** How exactly it is kept when a token was last used: not every call may cost a commit. */
const usedEveryMs = 3_600_000;

export const isUseNoted = ({ usedAt }: Operator, now: number): boolean =>
  usedAt !== undefined && now - usedAt < usedEveryMs;

/**
 * What became of a token that somebody shows.
 * @param known undefined: nobody made it. Nothing of it is repeated: it may be a slip in a good one
 * @throws CapstanError `unauthenticated` if it is worth nothing
 */
export function requireValid(known: Operator | undefined, now: number): Operator {
  const state = known === undefined ? 'unknown' : operatorState(known, now);
  if (known !== undefined && state === 'valid') return known;
  const what =
    known === undefined
      ? 'The token is not the right one.'
      : `The token of ${known.name} ${state === 'revoked' ? 'was revoked' : 'has expired'}.`;
  throw new CapstanError('unauthenticated', what, {
    hint: 'Have an admin make another one (`capstan operator create`), and give it to `capstan login`.',
  });
}
