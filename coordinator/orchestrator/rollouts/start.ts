import type { RolloutId } from '../../../shared/model/ids.js';
import { roomOf } from '../../core/fetch-shares.js';
import { farther } from '../../core/promotion/candidates.js';
import { planRollout } from '../../core/rollout/planning/plan.js';
import type { Decision } from '../../core/rollout/types/effects.js';
import type { Target } from '../../core/rollout/types/plan.js';
import type { RolloutHeader } from '../../core/rollout/types/rollout.js';
import type { EnvironmentRecord } from '../../ports/state-store.js';
import type { Batch } from '../batch.js';
import { leftOutText, straysIn } from '../slots.js';
import { type ActiveRollout, activeRollout, envKey, type World } from '../world.js';
import { carryOut, feed } from './carry-out.js';
import { markProven } from './finish.js';
import { plannable, planRequestOf, type RolloutRequest, requireEnvironment } from './planning.js';

export interface StartedRollout {
  /** Undefined if every node runs the release already. */
  readonly rollout: RolloutId | undefined;
  readonly superseded: RolloutId | undefined;
  readonly note: string;
}

/** Supersedes what is under way in the environment, plans, and makes the first decisions. */
export function startRollout(batch: Batch, request: RolloutRequest): StartedRollout {
  const { world } = batch;
  const before = activeRollout(world, request.app, request.env)?.state;
  const superseded = supersede(batch, request);
  const environment = requireEnvironment(world, request.app, request.env);
  const plan = planRequestOf(world, request, { before, now: batch.now });
  const closed = world.closures.get(envKey(request.app, request.env));
  const decision = planRollout({ ...plan, closed }, batch.up, world.nextGeneration, roomOf(world.shares));
  batch.putConfig(request.to.configRevision, request.to.config);
  const asked = request.cause === 'stage' ? environment : wanting(world, environment, request.to);
  if (asked !== environment) batch.putEnvironment(asked);
  if (decision.effects.some((effect) => effect.kind === 'finish') && !hasAssignments(decision)) {
    return settleAtOnce(batch, asked, decision, superseded);
  }
  const started = { record: newRecord(batch, decision.state.header), state: decision.state };
  carryOut(batch, started, decision);
  if (world.liveness.suspectSince !== undefined) feed(batch, started, { kind: 'freeze', frozen: true });
  return { rollout: request.id, superseded, note: tellLeftOut(batch, started.record.header) };
}

/** Of a blue/green pair: nodes in neither group keep nobody from a release, and it is said who they are. */
function tellLeftOut(batch: Batch, { id, app, env, slots }: RolloutHeader): string {
  if (slots === undefined) return '';
  const environment = requireEnvironment(batch.world, app, env);
  const leftOut = leftOutText(straysIn(environment, plannable(batch.world, app, env)));
  if (leftOut !== '') batch.event('rollout.leavesOut', leftOut, { app, env, rollout: id });
  return leftOut;
}

function wanting(world: World, environment: EnvironmentRecord, { release }: Target): EnvironmentRecord {
  const { version } = release;
  const publishedAt = world.releases.get(environment.app)?.get(version)?.publishedAt ?? 0;
  const reached = farther(environment.reached, { version, publishedAt });
  return { ...environment, wanted: version, reached, restoredFrom: undefined };
}

const hasAssignments = (decision: Decision): boolean =>
  decision.effects.some((effect) => effect.kind === 'assign' || effect.kind === 'traffic');

const newRecord = (batch: Batch, header: RolloutHeader): ActiveRollout['record'] => ({
  header,
  endedAt: undefined,
  supersededBy: undefined,
  createdAt: batch.now,
});

/** Nothing to change on any node: no rollout is kept, but the release counts as proven where the engine says so. */
function settleAtOnce(
  batch: Batch,
  environment: EnvironmentRecord,
  decision: Decision,
  superseded: RolloutId | undefined,
): StartedRollout {
  const finish = decision.effects.find((effect) => effect.kind === 'finish');
  if (finish?.proven === true) markProven(batch, environment, decision.state.header, true);
  return { rollout: undefined, superseded, note: finish?.reason ?? '' };
}

function supersede(batch: Batch, { app, env, id, by }: RolloutRequest): RolloutId | undefined {
  const old = activeRollout(batch.world, app, env);
  if (old === undefined) return undefined;
  const reason = `replaced by ${id}`;
  old.record = { ...old.record, supersededBy: id };
  feed(batch, old, { kind: 'operator', action: 'supersede', by, reason });
  return old.record.header.id;
}
