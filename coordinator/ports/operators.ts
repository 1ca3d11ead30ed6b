import type { Operator } from '../core/operators/operator.js';
import type { Rights } from '../core/operators/rights.js';
import type { CallIdentity } from './operations.js';

export interface CreateOperatorCommand extends Rights {
  readonly name: string;
  /** Of the token, which only its maker knows. */
  readonly hash: string;
  readonly ttlMs: number;
}

/** Who may call. */
export interface Operators {
  create(call: CallIdentity, command: CreateOperatorCommand): Promise<Operator>;
  revoke(call: CallIdentity, name: string): Promise<Operator>;
  /** Newest first. */
  list(): readonly Operator[];
  /** From memory, cheap. Whether it is still good for anything is not looked at. */
  withHash(hash: string): Operator | undefined;
  /** That a token was used, now; kept when there is time for it. */
  noteUse(operator: Operator): void;
}
