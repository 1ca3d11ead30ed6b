import { beginTime } from '../../core/promotion/proven-times.js';
import { activeSlot } from '../../core/rollout/parallel/slots.js';
import type { Effect } from '../../core/rollout/types/effects.js';
import type { Target } from '../../core/rollout/types/plan.js';
import type { RolloutHeader } from '../../core/rollout/types/rollout.js';
import type { EnvironmentRecord } from '../../ports/state-store.js';
import type { Batch } from '../batch.js';
import { forgetBarrier } from '../database.js';
import { envKey, provenTarget } from '../world.js';

/** How many proven targets are remembered for `rollback`. */
const keptProven = 20;

export function finishEnvironment(
  batch: Batch,
  header: RolloutHeader,
  { status, proven }: Extract<Effect, { kind: 'finish' }>,
): void {
  const environment = batch.world.environments.get(envKey(header.app, header.env));
  // What only staged has changed nothing that runs.
  if (environment === undefined || header.cause === 'stage') return;
  if (proven) {
    markProven(batch, environment, header, true);
    return;
  }
  const back = status === 'rolledBack' ? { wanted: provenTarget(environment)?.release.version } : {};
  // What takes the requests was never touched.
  const isUntouched = header.slots !== undefined && activeSlot(header.slots) === 'old';
  const settled = status === 'rolledBack' || (isUntouched && environment.settled);
  batch.putEnvironment({ ...environment, settled, ...back });
}

export function markProven(
  batch: Batch,
  environment: EnvironmentRecord,
  { to, cause }: RolloutHeader,
  settled: boolean,
): void {
  const same = (target: Target): boolean =>
    target.release.digest === to.release.digest && target.configRevision === to.configRevision;
  const others = environment.proven.filter((target) => !same(target));
  const wanted = to.release.version;
  // What was left by a rollback is not what the next one goes to.
  const at = cause === 'rollback' ? environment.proven.findIndex(same) : -1;
  const earlier = at < 0 ? others : environment.proven.slice(at + 1);
  const kept = cause === 'deploy' ? forgetBarrier(batch.world, environment, to) : environment;
  const proven = [to, ...earlier].slice(0, keptProven);
  const known = proven.map(({ release }) => release.digest);
  const provenTimes = beginTime(environment.provenTimes ?? [], to.release.digest, known, batch.up);
  batch.putEnvironment({ ...kept, wanted, proven, provenTimes, settled });
}
