import { type Heap, popHeap, pushHeap } from '../collections/heap.js';
import { type FetchShares, roomOf, withShare } from '../fetch-shares.js';
import { windowClosure } from '../rollout/closure.js';
import { decide, nextWake } from '../rollout/decide.js';
import { isOver } from '../rollout/draft.js';
import { waitingFor } from '../rollout/explain/explain.js';
import { planRollout } from '../rollout/planning/plan.js';
import type { Decision, Effect } from '../rollout/types/effects.js';
import type { OperatorAction, RolloutEvent } from '../rollout/types/events.js';
import type { RolloutHeader, RolloutState } from '../rollout/types/rollout.js';
import type { Millis } from '../rollout/types/time.js';
import { type PlayedNode, playedNode, type Reached, reach, type Task } from './played-node.js';
import { newScore, type Score, score } from './score.js';
import type { ReplayRequest } from './types.js';

/** More than this a node, and the plan does not come to an end. */
const eventsANode = 60;
const eventsAtLeast = 1000;

/** What is going to happen to a node. */
interface Due {
  readonly node: PlayedNode;
  /** A later assignment makes it void; undefined: of no assignment. */
  readonly generation: number | undefined;
  readonly what: Reached | 'silent' | 'lost';
}

/** A rollout that is being played through. Changed in place by `play`. */
export interface Replay {
  readonly request: ReplayRequest;
  readonly nodes: ReadonlyMap<string, PlayedNode>;
  readonly score: Score;
  state: RolloutState;
  now: Millis;
  nextGeneration: number;
  shares: FetchShares;
  agenda: Heap<Due> | undefined;
  /** When a maintenance window may open or close next. */
  windowAt: Millis | undefined;
  /** How many events may still be played. */
  left: number;
}

type Assign = Extract<Effect, { kind: 'assign' }>;
type Traffic = Extract<Effect, { kind: 'traffic' }>;

/**
 * The very engine, on nodes that only suppose: what it would decide, and when. Deterministic, and nothing of it is told
 * to anybody.
 */
export function openReplay(request: ReplayRequest): Replay {
  const { plan, now, shares } = request;
  const { refusing } = request.suppose;
  const nodes = new Map(plan.nodes.map((node) => [node.name, playedNode(node, refusing.get(node.name))]));
  const nextGeneration =
    1 + plan.nodes.reduce((top, node) => Math.max(top, node.assigned?.generation ?? 0), 0);
  const window = windowOf(request, now);
  const decision = planRollout({ ...plan, closed: window?.closure }, now, nextGeneration, roomOf(shares));
  const replay: Replay = {
    ...{ request, nodes, now, nextGeneration, shares, agenda: undefined, windowAt: window?.until },
    state: decision.state,
    score: newScore(now),
    left: Math.max(eventsAtLeast, eventsANode * plan.nodes.length),
  };
  for (const { name, liveness } of plan.nodes) {
    const node = nodes.get(name);
    if (node === undefined) continue;
    if (liveness === 'silent') schedule(replay, node, 'lost', request.suppose.limits.lostAfterMs);
    else if (node.task !== undefined && liveness === 'connected') change(replay, node); // and it ends well
  }
  carryOut(replay, decision);
  return replay;
}

/**
 * Plays at most so many events, so that whoever has other things to do can do them in between.
 * @returns true if it is over: the rollout has ended, or goes on only if somebody does something
 */
export function play(replay: Replay, events: number): boolean {
  for (let at = 0; at < events; at++) {
    if (replay.left === 0 || !playNext(replay)) return true;
    replay.left -= 1;
  }
  return false;
}

function playNext(replay: Replay): boolean {
  const { state, agenda } = replay;
  if (isOver(state.header)) return false;
  if (doByHand(replay)) return true;
  const wake = earlier(nextWake(state), windowDue(replay));
  if (agenda !== undefined && (wake === undefined || agenda.at <= wake)) {
    replay.agenda = popHeap(agenda);
    replay.now = Math.max(replay.now, agenda.at);
    perform(replay, agenda.value);
    return true;
  }
  if (wake === undefined) return false;
  replay.now = Math.max(replay.now, wake);
  if (replay.windowAt !== undefined && replay.now >= replay.windowAt) judgeWindow(replay);
  else send(replay, { kind: 'tick' });
  return true;
}

const earlier = (a: Millis | undefined, b: Millis | undefined): Millis | undefined =>
  a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);

/** Windows go on opening and closing for ever: that is of interest while it waits for one, or something else will happen. */
function windowDue({ state, agenda, windowAt }: Replay): Millis | undefined {
  const waits = state.header.closed !== undefined || agenda !== undefined || nextWake(state) !== undefined;
  return waits ? windowAt : undefined;
}

/** Whether a window is open at this up-time, and until when that stays so. */
function windowOf({ windows, now: began }: ReplayRequest, now: Millis) {
  if (windows === undefined) return undefined;
  const { closure, until } = windowClosure(windows.maintenance, windows.wallTime + now - began);
  return { closure, until: until - windows.wallTime + began };
}

function judgeWindow(replay: Replay): void {
  const window = windowOf(replay.request, replay.now);
  replay.windowAt = window?.until;
  send(replay, { kind: 'closure', closure: window?.closure });
}

/** What only a person can do is taken to be done at once, and noted. False if nothing of that kind is waited for. */
function doByHand(replay: Replay): boolean {
  const { state, now } = replay;
  const action = awaited(state.header);
  if (action === undefined) return false;
  const what = waitingFor(state, now);
  if (send(replay, { kind: 'operator', action, by: 'plan', reason: '' }) !== undefined) return false;
  replay.score.approvals.push({ at: now, what });
  return true;
}

function awaited({ status, slots, lane, waves, currentWave }: RolloutHeader): OperatorAction | undefined {
  if (status !== 'waiting') return undefined;
  if (lane === 'forward' && waves[currentWave]?.status === 'gated') return 'approve';
  if (slots?.step === 'verified') return 'switch';
  return slots?.step === 'kept' && slots.until === undefined ? 'release' : undefined;
}

function perform(replay: Replay, { node, generation, what }: Due): void {
  if (what === 'silent' || what === 'lost') {
    send(replay, { kind: 'nodeLiveness', node: node.name, liveness: what });
    if (what === 'lost') release(replay, node);
    return;
  }
  const { task } = node;
  if (task === undefined || generation !== task.generation) return;
  // What comes next is put down first: what is reported may lead to another task.
  if (what === 'staged' && task.intent === 'activate') change(replay, node);
  if (what === 'checking') settle(replay, node, task);
  send(replay, { kind: 'nodeReported', node: node.name, status: reach(replay.request.plan.app, node, what) });
  if (what !== 'checking') release(replay, node);
}

/** Its share of the fleet's bandwidth goes to those that wait for one. */
function release(replay: Replay, { name }: PlayedNode): void {
  const before = replay.shares.sum;
  replay.shares = withShare(replay.shares, `${name}/${replay.request.plan.app}`, 0);
  if (replay.shares.sum < before && replay.state.header.awaitsTurn) send(replay, { kind: 'tick' });
}

function send(replay: Replay, event: RolloutEvent): Decision['refusal'] {
  const room = roomOf(replay.shares);
  const decision = decide(replay.state, event, replay.now, replay.nextGeneration, room);
  if (decision.refusal === undefined) carryOut(replay, decision);
  return decision.refusal;
}

function carryOut(replay: Replay, decision: Decision): void {
  replay.state = decision.state;
  replay.nextGeneration = decision.nextGeneration;
  score(replay.score, decision, replay.now);
  for (const effect of decision.effects) {
    if (effect.kind === 'assign') tell(replay, effect);
    else if (effect.kind === 'traffic') tellTraffic(replay, effect);
  }
}

function tell(replay: Replay, effect: Assign): void {
  const { node: name, generation, intent, target, fetchBytesPerSecond, standby } = effect;
  const node = replay.nodes.get(name);
  if (node === undefined || node.gone) return;
  const { suppose, plan } = replay.request;
  const { to, from = to } = replay.state.header;
  const { release: wanted } = target === 'to' ? to : from;
  node.task = { generation, intent, lane: target, release: wanted };
  if (intent === 'activate') node.standby = standby;
  replay.shares = withShare(replay.shares, `${name}/${plan.app}`, fetchBytesPerSecond);
  if (intent === 'activate' && target === 'to' && suppose.vanishing.has(name)) {
    const { silentAfterMs, lostAfterMs } = suppose.limits;
    node.gone = true;
    schedule(replay, node, 'silent', silentAfterMs);
    schedule(replay, node, 'lost', silentAfterMs + lostAfterMs);
    return;
  }
  if (target === 'to' && node.refusal !== undefined && node.current?.digest !== wanted.digest) {
    schedule(replay, node, 'refused', 0);
    return;
  }
  if (intent === 'activate' && node.staged.has(wanted.digest)) {
    change(replay, node);
    return;
  }
  const rated = fetchBytesPerSecond === 0 ? 0 : (wanted.packSize * 1000) / fetchBytesPerSecond;
  const fetches = !node.staged.has(wanted.digest);
  schedule(replay, node, 'staged', fetches ? Math.ceil(Math.max(suppose.fetchMs, rated)) : 0);
}

/** It keeps what it runs, and says at once that it takes requests, or none. */
function tellTraffic(replay: Replay, { node: name, generation, standby }: Traffic): void {
  const node = replay.nodes.get(name);
  if (node === undefined || node.gone) return;
  node.task = { generation, intent: 'activate', lane: undefined, release: undefined };
  node.standby = standby;
  schedule(replay, node, 'healthy', 0);
}

function change(replay: Replay, node: PlayedNode): void {
  schedule(replay, node, 'checking', replay.request.suppose.changeMs);
}

/** What it runs now is judged: it is healthy in the end, or it is not. */
function settle(replay: Replay, node: PlayedNode, { lane }: Task): void {
  const { minHealthyTimeMs, deadlineMs } = replay.request.plan.strategy.health;
  const fails = lane === 'to' && replay.request.suppose.failing.has(node.name);
  schedule(replay, node, fails ? 'failed' : 'healthy', fails ? deadlineMs : minHealthyTimeMs);
}

function schedule(replay: Replay, node: PlayedNode, what: Due['what'], inMs: Millis): void {
  const generation = what === 'silent' || what === 'lost' ? undefined : node.task?.generation;
  replay.agenda = pushHeap(replay.agenda, replay.now + inMs, { node, generation, what });
}
