import type { Clock } from '../../../shared/ports/clock.js';
import { isUseNoted, type Operator } from '../../core/operators/operator.js';
import type { Operators } from '../../ports/operators.js';
import type { Batch } from '../batch.js';
import type { Answers } from '../commands/answers.js';
import type { Loop } from '../loop.js';
import type { World } from '../world.js';
import { createOperator, noteUse, operatorsOf, revokeOperator } from './changes.js';

interface OperatorsOptions {
  readonly loop: Loop<Batch>;
  readonly answers: Answers;
  readonly clock: Pick<Clock, 'now'>;
  readonly world: () => World;
}

/** Who may call: what changes is a job of the loop. */
export function createOperators({ loop, answers, clock, world }: OperatorsOptions): Operators {
  const noting = new Set<string>();
  const listeners = new Set<(operator: Operator) => void>();
  return {
    create: (call, command) => answers.once(call, (batch) => createOperator(batch, command, call.by)),
    async revoke(call, name) {
      const revoked = await answers.once(call, (batch) => revokeOperator(batch, name, call.by));
      for (const listener of listeners) listener(revoked);
      return revoked;
    },
    list: () => operatorsOf(world()),
    withHash: (hash) => world().operators.get(hash),
    onRevoked(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    noteUse(operator) {
      const { hash } = operator;
      if (isUseNoted(operator, clock.now()) || noting.has(hash)) return;
      noting.add(hash);
      const over = (): void => {
        noting.delete(hash);
      };
      loop
        .do((batch) => {
          noteUse(batch, hash);
        })
        .then(over, over); // if the database fails, the next call notes it
    },
  };
}
