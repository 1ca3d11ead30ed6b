import { CapstanError } from '../../../shared/model/errors.js';
import type { NodeName } from '../../../shared/model/ids.js';
import type { Labels } from '../../../shared/model/labels.js';
import { type JoinToken, refusedToken, tokenState } from './tokens.js';

/** Who a node is: what its certificates stand for, from the enrolment until it is decommissioned. */
export interface Identity {
  readonly node: NodeName;
  /** Random, one for each enrolment, and in every certificate of it: those of an earlier one are worth nothing. */
  readonly id: string;
  readonly labels: Labels;
  /** The hash of the token that it joined with. */
  readonly token: string;
  /** SHA-256 of the public key that it enrolled with. */
  readonly keyDigest: string;
  /** Milliseconds since the epoch. */
  readonly enrolledAt: number;
}

/** Who wants to join. */
export interface Applicant {
  readonly node: NodeName;
  readonly keyDigest: string;
}

/**
 * Whether a server may join as it wishes. `again`: it did, and did not hear the answer; that uses nothing up.
 * @param known who has the name
 * @throws CapstanError `refused` for the token, `conflict` for the name
 */
export function admit(
  { node, keyDigest }: Applicant,
  token: JoinToken,
  known: Identity | undefined,
  now: number,
): 'new' | 'again' {
  const state = tokenState(token, now);
  const isAgain = known?.keyDigest === keyDigest && known.token === token.hash;
  if (state !== 'valid' && !(state === 'usedUp' && isAgain)) throw refusedToken(token, state);
  if (isAgain) return 'again';
  if (known === undefined) return 'new';
  throw new CapstanError('conflict', `There is a node ${node} already, and this server is not it.`, {
    hint: `Choose another name with --name. If the server was set up anew: \`capstan node decommission ${node}\`, then enrol it again.`,
  });
}

/** @throws CapstanError `refused` unless the caller's certificate is of this node's enrolment */
export function requireIdentity(node: NodeName, id: string, known: Identity | undefined): Identity {
  if (known?.id === id) return known;
  const why =
    known === undefined
      ? 'was decommissioned, or enrolled after the backup that this coordinator was restored from'
      : 'has enrolled anew since';
  throw new CapstanError('refused', `The node ${node} ${why}.`, {
    hint: 'To let this server join again, give it a new token: `capstan-agent enrol --again`.',
  });
}
