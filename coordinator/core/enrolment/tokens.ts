import { CapstanError } from '../../../shared/model/errors.js';
import type { EnvName } from '../../../shared/model/ids.js';
import { tokenIdLength } from '../../../shared/model/join-token.js';
import type { Labels } from '../../../shared/model/labels.js';

/** What lets servers join. The token itself is known to whoever made it, and to nobody else. */
export interface JoinToken {
  /** SHA-256 in hexadecimal. */
  readonly hash: string;
  /** Those of every node that joins with it. */
  readonly labels: Labels;
  /** Its nodes may belong to environments of this name only; undefined: to any. */
  readonly env: EnvName | undefined;
  readonly createdBy: string;
  /** Milliseconds since the epoch, all of them. */
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly revokedAt: number | undefined;
  /** How many nodes may join with it, and how many have. */
  readonly uses: number;
  readonly used: number;
}

export const tokenId = ({ hash }: Pick<JoinToken, 'hash'>): string => hash.slice(0, tokenIdLength);

export type TokenState = 'valid' | 'revoked' | 'expired' | 'usedUp';

export function tokenState({ revokedAt, expiresAt, uses, used }: JoinToken, now: number): TokenState {
  if (revokedAt !== undefined) return 'revoked';
  if (now >= expiresAt) return 'expired';
  return used >= uses ? 'usedUp' : 'valid';
}

const ends: Readonly<Record<Exclude<TokenState, 'valid'>, string>> = {
  revoked: 'was revoked',
  expired: 'has expired',
  usedUp: 'was used as often as it may be',
};

const another = 'Ask an operator for another one: `capstan token create`.';

/** One that nobody made. Nothing of it is repeated: it may be a slip in a good one. */
export const unknownToken = (): CapstanError =>
  new CapstanError('refused', 'The join token is not known here.', { hint: another });

export function refusedToken(token: JoinToken, state: Exclude<TokenState, 'valid'>): CapstanError {
  return new CapstanError('refused', `The join token ${tokenId(token)} ${ends[state]}.`, { hint: another });
}
