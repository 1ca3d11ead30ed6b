import { getKey, valuesOf } from '../../coordinator/core/collections/hash-map.js';
import { nextWake } from '../../coordinator/core/rollout/decide.js';
import { waitingFor } from '../../coordinator/core/rollout/explain.js';
import type { Effect, RolloutState } from '../../coordinator/core/rollout/types.js';
import type { Amount } from '../../shared/model/application.js';
import type { NodeName } from '../../shared/model/ids.js';
import { terminalRolloutStatuses } from '../../shared/model/rollout.js';
import type { SimAgent } from './agent.js';
import { databaseFirst } from './database-invariant.js';
import { releaseId } from './fixtures.js';
import { digestOf, equivalence, planAgain } from './twins.js';
import type { Transition, World } from './world.js';

/** Says what is wrong, or nothing. `step` is asked after every event, `end` when nothing moves any more. */
export interface Invariant {
  readonly name: string;
  readonly step: (world: World, transition: Transition, memory: Memory) => string | undefined;
  readonly end?: (world: World, settled: boolean, memory: Memory) => string | undefined;
}

/** What the checker itself remembers of a rollout; kept apart from what the engine keeps. */
export interface Memory {
  readonly given: Map<NodeName, { readonly generation: number; readonly activate: boolean }>;
  /** Nodes given an activation by this rollout, and those of them given `to`. */
  readonly activated: Set<NodeName>;
  readonly sentForward: Set<NodeName>;
  readonly generations: Set<number>;
  /** Rollout time at which each wave began to bake. */
  readonly bakes: Map<number, number>;
}

type Assign = Extract<Effect, { kind: 'assign' }>;

const assignsOf = ({ decision }: Transition): readonly Assign[] =>
  decision.effects.filter((effect) => effect.kind === 'assign');

const rolloutTime = ({ header }: RolloutState, now: number): number =>
  (header.frozenSince ?? now) - header.frozenMs;

const share = (amount: Amount, base: number, round: (value: number) => number): number =>
  amount.kind === 'count' ? amount.count : round((base * amount.percent) / 100);

const over = (state: RolloutState): boolean => terminalRolloutStatuses.has(state.header.status);

const settledPhases = new Set([
  'healthy',
  'failed',
  'turnedBack',
  'inconsistent',
  'lost',
  'skipped',
  'excused',
]);

type Standing = 'available' | 'unavailable' | 'none';

/** 1: counted from what was heard of the nodes, not from the engine's counters. */
function floorHolds(world: World, transition: Transition, memory: Memory): string | undefined {
  const { decision } = transition;
  const assigns = assignsOf(transition).filter(({ intent }) => intent === 'activate');
  if (assigns.length === 0) return undefined;
  const standings = new Map<NodeName, Standing>();
  for (const { name } of world.agents.values())
    standings.set(name, standingOf(world, transition, memory, name));
  for (const { node } of assigns) {
    const all = [...standings.values()];
    const base = all.filter((standing) => standing !== 'none').length;
    const unavailable = all.filter((standing) => standing === 'unavailable').length;
    const limit = Math.max(1, share(decision.state.header.strategy.maxUnavailable, base, Math.floor));
    if (standings.get(node) === 'available' && unavailable + 1 > limit) {
      return `${node} was taken while ${unavailable} of ${base} nodes were unavailable, and ${limit} may be`;
    }
    if (world.agents.get(node)?.liveness !== 'lost') standings.set(node, 'unavailable');
  }
  return undefined;
}

/** As it was before the decision assigned anything. Nodes that are written off, or never had a release, do not count. */
function standingOf(
  world: World,
  { before, decision }: Transition,
  memory: Memory,
  name: NodeName,
): Standing {
  const agent = world.agents.get(name);
  const row = getKey(decision.state.nodes, name);
  if (agent === undefined || row === undefined || agent.liveness === 'lost') return 'none';
  if (['excused', 'skipped', 'lost'].includes(row.phase)) return 'none';
  const status = world.heard.get(name);
  const given = memory.given.get(name);
  const underWay = given?.activate === true && !hasEnded(given.generation, status);
  const attempted =
    given?.activate === true && (before === undefined ? underWay : memory.activated.has(name));
  if (!row.deployed && !attempted) return 'none';
  const serving = status?.ready === true && status.health !== 'unhealthy' && status.current !== undefined;
  return serving && !underWay && agent.liveness === 'connected' ? 'available' : 'unavailable';
}

/** The node has said that an activation given earlier is over. */
function hasEnded(generation: number, status: ReturnType<World['heard']['get']>): boolean {
  if (status === undefined || status.generation < generation) return false;
  if (status.generation > generation) return true;
  return (
    ['failed', 'turnedBack', 'inconsistent', 'removed'].includes(status.phase) ||
    (status.phase === 'healthy' && status.ready)
  );
}

/** 2 */
function wavesInOrder(world: World, transition: Transition, memory: Memory): string | undefined {
  const { before, decision, event, now } = transition;
  const { header, nodes } = decision.state;
  for (const { node, target, intent } of assignsOf(transition)) {
    const row = getKey(nodes, node);
    if (intent !== 'activate' || target !== 'to' || row === undefined || row.wave < 0) continue;
    const open = header.waves.findIndex((wave, at) => at < row.wave && wave.status !== 'passed');
    if (open >= 0)
      return `${node} of wave ${row.wave} started while wave ${open} is ${String(header.waves[open]?.status)}`;
    if (header.staging) return `${node} was activated while the release is being staged`;
  }
  if (
    header.strategy.stageRequire !== undefined &&
    header.cause === 'deploy' &&
    !header.staging &&
    before?.header.staging === true &&
    header.lane === 'forward'
  ) {
    const wrong = stageWrong(world, decision.state);
    if (wrong !== undefined) return wrong;
  }
  return gatesWrong(
    before,
    decision.state,
    event.kind === 'operator' && event.action === 'approve',
    now,
    memory,
  );
}

function stageWrong(world: World, { header, nodes }: RolloutState): string | undefined {
  let base = 0;
  let done = 0;
  for (const row of valuesOf(nodes)) {
    if (!row.online || row.wave < 0 || row.liveness === 'lost') continue;
    if (row.phase === 'lost' || row.phase === 'excused') continue;
    base += 1;
    const status = world.heard.get(row.name);
    if (status?.staged.includes(header.to.release.digest) === true) done += 1;
  }
  const { stageRequire } = header.strategy;
  const required =
    stageRequire === undefined ? 0 : Math.min(base, Math.max(1, share(stageRequire, base, Math.ceil)));
  return done >= required ? undefined : `staging ended with ${done} of ${base}, ${required} are required`;
}

function gatesWrong(
  before: RolloutState | undefined,
  after: RolloutState,
  approved: boolean,
  now: number,
  memory: Memory,
): string | undefined {
  for (const [at, wave] of after.header.waves.entries()) {
    const was = before?.header.waves[at]?.status ?? 'pending';
    const members = [...valuesOf(after.nodes)].filter((node) => node.wave === at);
    const time = rolloutTime(after, now);
    if (wave.status === 'baking' && (was !== 'baking' || before?.header.hold !== undefined))
      memory.bakes.set(at, time);
    if (wave.status !== 'passed' || was === 'passed' || members.length === 0) continue;
    if (wave.gate === 'manual' && !approved) return `gate of wave ${at} opened by itself`;
    if (wave.bakeMs > 0 && time - (memory.bakes.get(at) ?? time) < wave.bakeMs)
      return `wave ${at} baked too short`;
    const open = members.find(
      ({ phase, only }) =>
        !settledPhases.has(phase) &&
        !(only === 'stage' && phase === 'staged') &&
        phase !== 'pending' &&
        phase !== 'staging',
    );
    if (was === 'running' && open !== undefined)
      return `wave ${at} passed while ${open.name} is ${open.phase}`;
  }
  return undefined;
}

/** 3 */
function budgetsAndDeadlines(_world: World, transition: Transition): string | undefined {
  const { before, decision, event, now } = transition;
  const { state } = decision;
  const { header } = state;
  const forward = assignsOf(transition).some(
    ({ target, intent }) => target === 'to' && intent === 'activate',
  );
  const wave = header.waves[header.currentWave];
  if (wave !== undefined && header.lane === 'forward' && forward) {
    const members = [...valuesOf(state.nodes)].filter((node) => node.wave === header.currentWave);
    const failed = members.filter(({ phase }) =>
      ['failed', 'turnedBack', 'inconsistent'].includes(phase),
    ).length;
    const lost = members.filter(({ phase }) => phase === 'lost').length;
    const { budget } = header.strategy;
    if (wave.canary && failed > 0) return 'a node was assigned after a canary had failed';
    if (failed > share(budget.failed, members.length, Math.floor))
      return `assigned with ${failed} of ${members.length} failed`;
    if (lost > share(budget.lost, members.length, Math.floor))
      return `assigned with ${lost} of ${members.length} lost`;
  }
  if (over(state)) return undefined;
  if (event.kind === 'tick' && header.frozenSince === undefined) {
    const next = nextWake(state);
    if (next !== undefined && next <= now)
      return `a deadline of ${next} is still open after the tick of ${now}`;
    const late = [...valuesOf(state.nodes)].find(
      ({ open, lease, phase }) => open && phase !== 'lost' && (lease ?? 0) <= rolloutTime(state, now),
    );
    if (late !== undefined) return `${late.name} holds its slot without a lease`;
  }
  const clockStands =
    header.hold !== undefined ||
    header.frozenSince !== undefined ||
    (header.awaitsTurn && state.index.open.size + state.index.fetching.size === 0) ||
    (header.lane === 'forward' && ['baking', 'gated'].includes(wave?.status ?? ''));
  if (!clockStands && header.progressDue === undefined) return 'no progress deadline is open';
  const operated =
    event.kind === 'operator' ||
    before?.header.lane !== header.lane ||
    before.header.currentWave !== header.currentWave ||
    before.header.staging !== header.staging;
  if (!operated && before.header.progressHigh > header.progressHigh) return 'progress went backwards';
  return undefined;
}

function endsOrWaits(world: World, settled: boolean): string | undefined {
  if (!settled) return 'it never comes to rest';
  if (over(world.state) || waitingFor(world.state, world.now) !== '') return undefined;
  return `it is ${world.state.header.status} and waits for nobody`;
}

/** 4 */
function oneAtATime(world: World, transition: Transition): string | undefined {
  const { before, decision, event } = transition;
  const { header } = decision.state;
  const supersedes =
    event.kind === 'operator' && event.action === 'supersede' && before !== undefined && !over(before);
  if (supersedes && header.status !== 'superseded') return `superseded, but it is ${header.status}`;
  if (supersedes && assignsOf(transition).length > 0) return 'a superseded rollout assigned a node';
  if (event.kind !== 'plan' || over(decision.state) || header.from === undefined) return undefined;
  if (header.cause === 'stage') return undefined; // leaves what is under way alone
  // Nothing goes back past a database step that cannot be reversed: such nodes go on to the new release in their turn.
  if (header.pastReturn !== undefined) return undefined;
  const { from, to } = header;
  const wanted = new Set([releaseId(from).digest, releaseId(to).digest]);
  for (const agent of world.agents.values()) {
    const { assigned } = agent.planNode();
    if (assigned?.state !== 'open' || assigned.intent !== 'activate') continue;
    const third = !wanted.has(assigned.digest);
    const same = releaseId(from).digest === releaseId(to).digest;
    if (third && !same && !assignsOf(transition).some(({ node }) => node === agent.name)) {
      return `${agent.name} is left on its way to a third release`;
    }
  }
  return undefined;
}

/** 5 */
function planIsFrozen(_world: World, { before, decision, event }: Transition): string | undefined {
  if (before === undefined) return undefined;
  const { header, nodes } = decision.state;
  if (
    before.header.strategy !== header.strategy &&
    digestOf(before.header.strategy) !== digestOf(header.strategy)
  ) {
    return 'the strategy changed';
  }
  if (before.header.waves.map(({ name }) => name).join() !== header.waves.map(({ name }) => name).join())
    return 'the waves changed';
  for (const was of valuesOf(before.nodes)) {
    const is = getKey(nodes, was.name);
    if (is === undefined && (event.kind !== 'nodeDecommissioned' || event.node !== was.name))
      return `${was.name} vanished`;
    if (is !== undefined && (is.wave !== was.wave || is.ordinal !== was.ordinal))
      return `${was.name} changed its wave`;
  }
  for (const is of valuesOf(nodes)) {
    if (getKey(before.nodes, is.name) === undefined && (is.wave !== -1 || event.kind !== 'nodeJoined'))
      return `${is.name} slipped into a wave`;
  }
  return undefined;
}

/** 6 */
function pauseAndAbort(_world: World, transition: Transition): string | undefined {
  const { before, decision, event } = transition;
  if (before === undefined) return undefined;
  const { header } = decision.state;
  const held = before.header.hold !== undefined && header.hold !== undefined && event.kind !== 'operator';
  const pausing = event.kind === 'operator' && event.action === 'pause' && decision.refusal === undefined;
  if ((held || pausing) && assignsOf(transition).length > 0) return 'a paused rollout assigned a node';
  if (pausing && decision.changedNodes.length > 0) return 'a pause touched nodes';
  if (event.kind !== 'operator' || over(before)) return undefined;
  if (event.action === 'abort' && (header.status !== 'aborted' || assignsOf(transition).length > 0))
    return 'abort was not final';
  const resets = ['resume', 'retry', 'approve'].includes(event.action) && decision.refusal === undefined;
  if (!resets || header.progressDue === undefined || header.frozenSince !== undefined) return undefined;
  const { database } = header;
  const more = database?.node === undefined || database.done ? 0 : database.timeoutMs;
  const due = rolloutTime(decision.state, transition.now) + header.strategy.progressDeadlineMs + more;
  return header.progressDue === due ? undefined : `${event.action} did not reset the progress deadline`;
}

/** 7 */
function rollbackIsFinal(_world: World, transition: Transition): string | undefined {
  const { before, decision } = transition;
  const { header } = decision.state;
  if (before?.header.lane === 'back' && header.lane !== 'back') return 'a rollback went forward again';
  if (header.lane === 'forward') return undefined;
  if (assignsOf(transition).some(({ target }) => target === 'to'))
    return 'a rollback assigned the release that failed';
  if (header.cause === 'rollback') return 'a rollback was rolled back';
  if (header.from === undefined) return 'there is nothing to go back to';
  const same =
    header.from.release.digest === header.to.release.digest &&
    header.from.configRevision === header.to.configRevision;
  if (same) return 'it went back to the same release';
  if (header.waves.some(({ status }) => status === 'baking' && header.currentWave < 0))
    return 'a rollback bakes';
  return undefined;
}

function rollbackIsComplete(world: World, _settled: boolean, memory: Memory): string | undefined {
  const { header } = world.state;
  if (header.status !== 'rolledBack' || header.from === undefined) return undefined;
  for (const name of memory.sentForward) {
    const agent = world.agents.get(name);
    const row = world.rowOf(name);
    if (agent?.liveness !== 'connected' || row?.liveness !== 'connected' || row.phase === 'excused') continue;
    const wanted = agent.inbox ?? agent.task;
    if (wanted?.target.release.digest !== header.from.release.digest) return `${name} was not taken back`;
  }
  return undefined;
}

/** 8 */
function convergedIsQuiet(world: World, transition: Transition): string | undefined {
  const { before, decision, event } = transition;
  if (
    before !== undefined &&
    over(before) &&
    (decision.effects.length > 0 || decision.changedNodes.length > 0)
  ) {
    return 'a rollout that had ended went on';
  }
  if (event.kind !== 'nodeReported' || over(decision.state)) return undefined;
  const again = planAgain.repeat(decision, event, transition.now, transition.room);
  return again.changedNodes.length + again.effects.length === 0
    ? undefined
    : `a repeated report of ${event.node} changed something (${world.now})`;
}

function replanIsEmpty(world: World): string | undefined {
  if (world.state.header.status !== 'succeeded' || world.state.header.cause === 'stage') return undefined;
  const { to } = world.state.header;
  const agents = [...world.agents.values()];
  const converged = agents.every(
    (agent) =>
      agent.current === to &&
      agent.serving &&
      agent.liveness === 'connected' &&
      agent.planNode().assigned?.state !== 'open',
  );
  if (!converged) return undefined;
  const decision = planAgain.plan(world, to);
  if (decision.effects.some(({ kind }) => kind === 'assign'))
    return 'a converged environment was assigned something';
  return decision.state.header.status === 'succeeded'
    ? undefined
    : 'planning a converged environment does not end';
}

/** 9 */
function sameAfterCrash(_world: World, transition: Transition, memory: Memory): string | undefined {
  for (const { generation, node } of assignsOf(transition)) {
    if (memory.generations.has(generation))
      return `generation ${generation} was given twice, then to ${node}`;
    memory.generations.add(generation);
  }
  return equivalence(transition);
}

/** 10 */
function othersHold(world: World, transition: Transition, memory: Memory): string | undefined {
  const { before, decision, event } = transition;
  for (const { node, target } of assignsOf(transition)) {
    const agent = world.agents.get(node);
    if (agent === undefined) return `${node} is not there and was assigned something`;
    if (agent.liveness !== 'connected' && event.kind !== 'plan')
      return `${node} is ${agent.liveness} and was assigned something`;
    if (
      target === 'from' &&
      !memory.sentForward.has(node) &&
      !world.joined.has(node) &&
      event.kind !== 'plan'
    ) {
      return `${node} was never sent forward and yet taken back`;
    }
  }
  if (
    event.kind === 'operator' &&
    event.action === 'abort' &&
    before !== undefined &&
    decision.changedNodes.length > 0
  ) {
    return 'abort changed nodes';
  }
  return undefined;
}

/** 11: counted from the agents, not from the coordinator's shares. */
function bandwidthHolds(world: World, transition: Transition): string | undefined {
  const { bandwidth } = world.scenario;
  const fetches = assignsOf(transition).filter(({ fetchBytesPerSecond }) => fetchBytesPerSecond > 0);
  if (fetches.length === 0) return undefined;
  if (bandwidth === 0) return 'a node was limited though the fleet is not';
  const told = new Map([...world.agents].map(([name, agent]) => [name, fetchingOf(world, name, agent)]));
  for (const { node, fetchBytesPerSecond } of assignsOf(transition)) told.set(node, fetchBytesPerSecond);
  const sum = [...told.values()].reduce((total, share) => total + share, 0);
  if (sum > bandwidth) return `${sum} bytes a second were handed out, ${bandwidth} may be`;
  const least = Math.min(bandwidth, 1024 * 1024);
  const small = fetches.find((assign) => assign.fetchBytesPerSecond < least);
  return small === undefined ? undefined : `${small.node} got ${small.fetchBytesPerSecond} bytes a second`;
}

/** As far as the coordinator can know: what it heard last. */
function fetchingOf(world: World, name: NodeName, agent: SimAgent): number {
  if (agent.liveness === 'lost') return 0;
  const status = world.heard.get(name);
  const task = agent.inbox ?? agent.task;
  const heard = status !== undefined && status.generation === task?.generation;
  return heard && status.phase !== 'idle' && status.phase !== 'staging' ? 0 : (task?.share ?? 0);
}

function stagingHarmsNobody(_world: World, transition: Transition): string | undefined {
  const { header } = transition.decision.state;
  if (header.cause !== 'stage') return undefined;
  const wrong = assignsOf(transition).find(({ intent, target }) => intent === 'activate' && target === 'to');
  if (wrong !== undefined) return `${wrong.node} was to run what is only to be staged`;
  if (header.lane === 'back') return 'a rollout that only stages went back';
  return transition.decision.effects.some((effect) => effect.kind === 'finish' && effect.proven)
    ? 'a release that was only staged counts as proven'
    : undefined;
}

function everybodyGetsATurn(world: World, settled: boolean): string | undefined {
  const { header, nodes } = world.state;
  if (!settled || over(world.state) || header.hold !== undefined || header.frozenSince !== undefined)
    return undefined;
  const busy = [...world.agents.values()].some((agent) => agent.liveness === 'connected' && agent.busy);
  if (busy || !header.awaitsTurn) return undefined;
  const waiting = [...valuesOf(nodes)].filter(({ phase }) => phase === 'pending').map(({ name }) => name);
  return `${waiting.join(', ')} never got a turn to stage, though nobody fetches`;
}

export const invariants: readonly Invariant[] = [
  {
    name: '1 unavailable nodes never exceed maxUnavailable through the rollout, pending ones counted',
    step: floorHolds,
  },
  {
    name: '2 no wave starts before the one before it has passed, none before the stage requirement',
    step: wavesInOrder,
  },
  {
    name: '3 past a budget nothing is assigned, deadlines are judged, it ends or awaits a person',
    step: budgetsAndDeadlines,
    end: endsOrWaits,
  },
  {
    name: '4 a superseded rollout stops, and what is unfinished never goes to a third release',
    step: oneAtATime,
  },
  { name: '5 the plan is frozen', step: planIsFrozen },
  { name: '6 pause stops new assignments only, abort is always accepted and final', step: pauseAndAbort },
  {
    name: '7 a rollback takes back all it must, and never triggers another',
    step: rollbackIsFinal,
    end: rollbackIsComplete,
  },
  {
    name: '8 a converged environment yields nothing, a repeated report changes nothing',
    step: convergedIsQuiet,
    end: replanIsEmpty,
  },
  {
    name: '9 after a crash the same inputs lead to the same end, no generation is given twice',
    step: sameAfterCrash,
  },
  { name: '10 unassigned nodes hold what they have', step: othersHold },
  {
    name: "11 nodes that fetch at once never get more than the fleet's bandwidth, and everybody gets a turn",
    step: bandwidthHolds,
    end: everybodyGetsATurn,
  },
  { name: '12 a rollout that only stages activates nothing and proves nothing', step: stagingHarmsNobody },
  {
    name: '13 one node runs the database step, first and once, and nothing goes back past one that cannot be reversed',
    step: databaseFirst,
  },
];
