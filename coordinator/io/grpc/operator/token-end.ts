import type { Clock } from '../../../../shared/ports/clock.js';
import { requireValid } from '../../../core/operators/operator.js';
import type { Operators } from '../../../ports/operators.js';
import type { OperatorCaller } from '../identity.js';

/** Looked at again after so long at most: timers know nothing of a clock that is set. Milliseconds. */
const lookEveryMs = 60_000;

export interface TokenEnd {
  /** Aborted, with the reason, when the token is revoked or its time is over. */
  readonly signal: AbortSignal;
  stop(): void;
}

/**
 * Waits for the end of the token that a stream was opened with, which costs nothing until then. Who has none of their own
 * has one without an end.
 */
export function tokenEnd(
  { operator }: Pick<OperatorCaller, 'operator'>,
  operators: Pick<Operators, 'withHash' | 'onRevoked'> | undefined,
  clock: Pick<Clock, 'now'>,
): TokenEnd {
  const ended = new AbortController();
  const { signal } = ended;
  if (operator === undefined || operators === undefined) return { signal, stop: () => undefined };
  const { hash } = operator;
  let timer: NodeJS.Timeout | undefined;
  const look = (): void => {
    clearTimeout(timer);
    try {
      const { expiresAt } = requireValid(operators.withHash(hash), clock.now());
      timer = setTimeout(look, Math.min(expiresAt - clock.now(), lookEveryMs)).unref();
    } catch (error) {
      ended.abort(error);
    }
  };
  const stopListening = operators.onRevoked((revoked) => {
    if (revoked.hash === hash) look();
  });
  look(); // it may have ended since the call came in
  return {
    signal,
    stop() {
      clearTimeout(timer);
      stopListening();
    },
  };
}
