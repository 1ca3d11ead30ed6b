import { setTimeout as delay } from 'node:timers/promises';
import type { Host } from '../support/fabric.js';

/** How a release reached all nodes. */
export interface Spread {
  /** Until the last node had it. */
  readonly seconds: number;
  readonly originBytes: number;
}

const everyMs = 20;

/**
 * Starts something and waits until every node has what it wants.
 * @param proofs for each node, whether it has all of it
 */
export async function spread(
  origin: Host,
  proofs: readonly (() => boolean)[],
  limitMs: number,
  start: () => Promise<unknown>,
): Promise<Spread> {
  const before = await origin.sentBytes();
  const begun = performance.now();
  const started = start().then(
    () => undefined,
    (error: unknown) => new Error('spreading a release failed', { cause: error }),
  );
  let failure: Error | undefined;
  void started.then((outcome) => {
    failure = outcome;
  });
  for (let missing = proofs; missing.length > 0; missing = missing.filter((proof) => !proof())) {
    if (failure !== undefined) throw failure;
    if (performance.now() - begun > limitMs)
      throw new Error(`after ${limitMs} ms ${missing.length} nodes lack it`);
    await delay(everyMs);
  }
  const seconds = (performance.now() - begun) / 1000;
  const outcome = await started;
  if (outcome !== undefined) throw outcome;
  return { seconds, originBytes: (await origin.sentBytes()) - before };
}
