import type { Operator } from '../core/operators/operator.js';
import type { Rights } from '../core/operators/rights.js';
import type { CallIdentity } from './operations.js';
import type { NewToken } from './tokens.js';

export interface CreateOperatorCommand extends Rights, NewToken {
  readonly name: string;
}

/** Who may call. */
export interface Operators {
  create(call: CallIdentity, command: CreateOperatorCommand): Promise<Operator>;
  revoke(call: CallIdentity, name: string): Promise<Operator>;
  /** Newest first. */
  list(): readonly Operator[];
  /** From memory, cheap. Whether it is still good for anything is not looked at. */
  withHash(hash: string): Operator | undefined;
  /** Told each token that is revoked; returns how to stop it. */
  onRevoked(listener: (operator: Operator) => void): () => void;
  /** That a token was used, now; kept when there is time for it. */
  noteUse(operator: Operator): void;
}
