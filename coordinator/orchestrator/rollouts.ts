import { CapstanError } from '../../shared/model/errors.js';
import type { AppName, EnvName, NodeName, ReleaseVersion, RolloutId } from '../../shared/model/ids.js';
import type { RolloutCause } from '../../shared/model/rollout.js';
import { getKey } from '../core/collections/hash-map.js';
import { roomOf } from '../core/fetch-shares.js';
import { farther } from '../core/promotion/candidates.js';
import { beginTime } from '../core/promotion/proven-times.js';
import { noReturn } from '../core/rollout/database.js';
import { decide } from '../core/rollout/decide.js';
import { activeSlot } from '../core/rollout/parallel/slots.js';
import { planRollout } from '../core/rollout/planning/plan.js';
import type { Decision, Effect } from '../core/rollout/types/effects.js';
import type { RolloutEvent } from '../core/rollout/types/events.js';
import type { PlanNode, PlanRequest, Target } from '../core/rollout/types/plan.js';
import type { RolloutHeader, RolloutState } from '../core/rollout/types/rollout.js';
import type { EnvironmentRecord } from '../ports/state-store.js';
import type { Batch } from './batch.js';
import { barrierTo, dueStep, forgetBarrier } from './database.js';
import { leftOutText, partsIn, putTraffic, straysIn } from './slots.js';
import { memberEntries } from './tending/members.js';
import { type ActiveRollout, activeRollout, envKey, planNodeOf, provenTarget, type World } from './world.js';

export interface RolloutRequest {
  readonly id: RolloutId;
  readonly app: AppName;
  readonly env: EnvName;
  readonly cause: RolloutCause;
  readonly to: Target;
  readonly from: Target | undefined;
  readonly by: string;
  readonly reason: string;
}

export interface StartedRollout {
  /** Undefined if every node runs the release already. */
  readonly rollout: RolloutId | undefined;
  readonly superseded: RolloutId | undefined;
  readonly note: string;
}

/** How many proven targets are remembered for `rollback`. */
const keptProven = 20;

/**
 * Finds the rollout of another environment that a node still has part in: plans are frozen, so that labels or selectors
 * that change midway change nothing, and one node is told one thing (hawkbit#863).
 */
export function takenElsewhere(
  world: World,
  app: AppName,
  env: EnvName,
): (node: NodeName) => ActiveRollout | undefined {
  const environments = world.applications.get(app)?.spec.environments ?? [];
  const others = environments.flatMap(({ name }) =>
    name === env ? [] : (activeRollout(world, app, name) ?? []),
  );
  return (node) => others.find(({ state }) => getKey(state.nodes, node) !== undefined);
}

/** The members that a rollout of the environment can have now. */
export function plannable(world: World, app: AppName, env: EnvName): readonly PlanNode[] {
  const taken = takenElsewhere(world, app, env);
  return memberEntries(world, app, env)
    .filter(({ record }) => taken(record.name) === undefined)
    .map((entry) => planNodeOf(world, entry, app));
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

/**
 * What the engine is asked to plan.
 * @param before what is under way in the environment, and would be superseded
 * @param now milliseconds since the epoch
 */
export function planRequestOf(
  world: World,
  { by, reason, ...request }: RolloutRequest,
  { before, now }: { readonly before: RolloutState | undefined; readonly now: number },
): PlanRequest {
  const environment = requireEnvironment(world, request.app, request.env);
  const { strategy, join } = environment.spec;
  const members = plannable(world, request.app, request.env);
  return {
    ...{ ...request, strategy, join, requestedBy: by, requestedReason: reason },
    ...partsIn(environment, request.cause, members),
    startedAt: new Date(now).toISOString(),
    database: dueStep(environment, request.to.release),
    pastReturn: pastReturnOf(world, environment, request, before),
  };
}

/** The version whose database step keeps a rollout from going back, as far as that is known when it starts. */
function pastReturnOf(
  world: World,
  environment: EnvironmentRecord,
  { from }: Pick<RolloutRequest, 'from'>,
  before: RolloutState | undefined,
): ReleaseVersion | undefined {
  const barrier = barrierTo(world, environment, from);
  if (barrier !== undefined || before === undefined) return barrier?.version;
  const { pastReturn, to } = before.header;
  return noReturn(before) === undefined ? undefined : (pastReturn ?? to.release.version);
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

/** Gives the engine an event and carries out what it decides. Returns the engine's refusal, if any. */
export function feed(batch: Batch, rollout: ActiveRollout, event: RolloutEvent): Decision['refusal'] {
  const { nextGeneration, shares } = batch.world;
  const decision = decide(rollout.state, event, batch.up, nextGeneration, roomOf(shares));
  if (decision.refusal !== undefined) return decision.refusal;
  if (decision.state === rollout.state && decision.effects.length === 0) return undefined;
  carryOut(batch, rollout, decision);
  return undefined;
}

function carryOut(batch: Batch, rollout: ActiveRollout, decision: Decision): void {
  const { world } = batch;
  world.nextGeneration = decision.nextGeneration;
  rollout.state = decision.state;
  const { header } = decision.state;
  const finish = decision.effects.find((effect) => effect.kind === 'finish');
  const endedAt = finish === undefined ? undefined : batch.now;
  rollout.record = { ...rollout.record, header, endedAt };
  for (const effect of decision.effects) carryOutEffect(batch, decision.state, effect);
  batch.putRollout(
    rollout,
    decision.changedNodes.map((name) => [name, getKey(decision.state.nodes, name)]),
  );
}

function carryOutEffect(batch: Batch, state: RolloutState, effect: Effect): void {
  const { header } = state;
  switch (effect.kind) {
    case 'assign': {
      const target = effect.target === 'to' ? header.to : header.from;
      if (target === undefined) throw new CapstanError('internal', 'an assignment without a target');
      assign(batch, header, target, effect);
      return;
    }
    case 'traffic':
      putTraffic(batch, effect.node, header.app, effect);
      return;
    case 'switched': {
      const environment = batch.world.environments.get(envKey(header.app, header.env));
      // The spec may have come to tell groups apart in another way meanwhile.
      const isKnown = environment?.spec.strategy.parallel?.label === header.slots?.label;
      if (environment !== undefined && isKnown)
        batch.putEnvironment({ ...environment, activeSlot: effect.slot });
      return;
    }
    case 'record':
      batch.event(effect.event, effect.message, {
        ...subject(header),
        ...(effect.node === undefined ? {} : { node: effect.node }),
        ...(effect.actor === undefined ? {} : { actor: effect.actor }),
        ...(effect.reason === undefined ? {} : { reason: effect.reason }),
      });
      return;
    case 'finish':
      finishEnvironment(batch, header, effect);
  }
}

const subject = ({ app, env, id }: RolloutHeader): { app: string; env: string; rollout: string } => ({
  app,
  env,
  rollout: id,
});

interface Given {
  readonly node: NodeName;
  readonly generation: number;
  readonly intent: 'stage' | 'activate';
  readonly drain: boolean;
  readonly restart: boolean;
  readonly fetchBytesPerSecond: number;
  readonly rollout: RolloutId | undefined;
  readonly database: boolean;
  readonly standby: boolean;
}

/** Tells a node what it is to do about an application. */
export function assign(
  batch: Batch,
  place: { readonly app: AppName; readonly env: EnvName; readonly strategy: RolloutHeader['strategy'] },
  target: Target,
  given: Given,
): void {
  const before = batch.world.assignments.get(given.node)?.get(place.app);
  // Field by field: spreading an object costs more than all else here, and a fleet has thousands.
  batch.putAssignment({
    node: given.node,
    app: place.app,
    env: place.env,
    generation: given.generation,
    intent: given.intent,
    version: target.release.version,
    digest: target.release.digest,
    configRevision: target.configRevision,
    liveConfigRevision: before?.liveConfigRevision ?? '',
    drain: given.drain,
    restart: given.restart,
    minHealthyTimeMs: place.strategy.health.minHealthyTimeMs,
    healthDeadlineMs: place.strategy.health.deadlineMs,
    fetchBytesPerSecond: given.fetchBytesPerSecond,
    rollout: given.rollout,
    database: given.database,
    // To stage something leaves requests where they are.
    standby: given.intent === 'stage' ? (before?.standby ?? false) : given.standby,
    state: 'open',
  });
  batch.woken.add(given.node);
}

function finishEnvironment(
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

function markProven(
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

/** Some of the fleet's bandwidth is free again: for the rollouts that wait for it, the oldest first, then the others. */
export function serveWaiting(batch: Batch): void {
  for (const rollout of [...batch.world.rollouts.values()]) {
    if (rollout.state.header.awaitsTurn) feed(batch, rollout, { kind: 'tick' });
  }
  for (const key of batch.world.crowded) batch.lookIn(key, undefined);
}

function requireEnvironment(world: World, app: AppName, env: EnvName): EnvironmentRecord {
  const environment = world.environments.get(envKey(app, env));
  if (environment === undefined) {
    throw new CapstanError('notFound', `There is no environment "${env}" of application "${app}".`, {
      hint: `See \`capstan app show ${app}\` for those there are.`,
    });
  }
  return environment;
}
