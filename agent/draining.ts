import type { Clock } from '../shared/ports/clock.js';
import { allTold, judgeDrain, type Pollers } from './core/drain.js';
import type { Service } from './ports/node.js';

export interface DrainWatch {
  readonly signal: AbortSignal;
  /** Since when the readiness endpoint has answered 503. Monotonic milliseconds; undefined while it answers 200. */
  readonly notReadySince: () => number | undefined;
  /** Who asks whether it answers 200. */
  readonly pollers: () => Pollers;
}

/** How often it is looked for connections, once all load balancers have been told. Milliseconds. */
const lookEveryMs = 250;

/** Resolves when the node has been drained, at the latest `waitMs` after it began to say "no"; rejects when aborted. */
export async function waitDrained(
  { service, clock }: { readonly service: Pick<Service, 'connections'>; readonly clock: Clock },
  waitMs: number,
  { signal, notReadySince, pollers }: DrainWatch,
): Promise<void> {
  const since = notReadySince() ?? clock.monotonic();
  let quietSince: number | undefined;
  for (;;) {
    const facts = { since, waitMs, pollers: pollers() };
    const before = clock.monotonic();
    const quiet = allTold(facts, before) && (await service.connections()) === 0;
    quietSince = quiet ? (quietSince ?? before) : undefined;
    const now = clock.monotonic();
    const verdict = judgeDrain(facts, quietSince, now);
    if (verdict.kind === 'over') return;
    // A look takes the longer the more connections the host has: most of the time goes to other things.
    const pauseMs = Math.max(lookEveryMs, 10 * (now - before));
    await clock.sleep(Math.min(pauseMs, verdict.untilMs - now), signal);
  }
}
