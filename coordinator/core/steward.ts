import type { Strategy } from '../../shared/model/application.js';
import type { Generation, NodeName } from '../../shared/model/ids.js';
import { type FetchRoom, shareOf } from './fetch-shares.js';
import { atMost } from './rollout/amounts.js';
import { turnSentence } from './rollout/explain/sentences.js';
import { isFor, runs } from './rollout/planning/new-node.js';
import type { PlanNode, Target } from './rollout/types.js';

export interface StewardRequest {
  readonly strategy: Strategy;
  readonly join: 'stable' | 'target' | 'hold';
  /** The environment's last proven target; undefined: nothing is assigned. */
  readonly proven: Target | undefined;
  /**
   * True if the environment's last rollout ended as succeeded or rolledBack: then nodes that missed it are caught
   * up. False after an abort or a failure: mixed versions stay until the next deploy, only nodes that never had a
   * release are given one.
   */
  readonly settled: boolean;
  /** Why nothing may be changed in the environment now, a sentence: then only nodes that never had a release are given one. */
  readonly closed?: string | undefined;
  /** All nodes of the environment. */
  readonly nodes: readonly PlanNode[];
  /** What is left of the fleet's bandwidth. */
  readonly room: FetchRoom;
}

export interface StewardAssignment {
  readonly node: NodeName;
  readonly generation: Generation;
  readonly intent: 'activate';
  readonly drain: boolean;
  readonly restart: false;
  /** Its share of the fleet's bandwidth; 0: no limit. */
  readonly fetchBytesPerSecond: number;
}

export interface StewardDecision {
  readonly assignments: readonly StewardAssignment[];
  /** Nodes that hold what they have though it is not the proven release, each with a sentence that says why. */
  readonly held: ReadonlyMap<NodeName, string>;
  /** Some node waits for its share of the fleet's bandwidth. */
  readonly awaitsTurn: boolean;
  readonly nextGeneration: Generation;
}

/**
 * Outside a rollout: what nodes that joined or came back are to run. The same floor holds as in a rollout; nodes that
 * are out of service go first.
 */
export function steward(request: StewardRequest, nextGeneration: Generation): StewardDecision {
  const { proven, strategy, nodes } = request;
  const held = new Map<NodeName, string>();
  if (proven === undefined) return { assignments: [], held, awaitsTurn: false, nextGeneration };
  const due: PlanNode[] = [];
  for (const node of nodes) {
    const obstacle = obstacleOf(request, proven, node);
    if (obstacle === '') due.push(node);
    else if (obstacle !== undefined) held.set(node.name, obstacle);
  }
  const capacity = nodes.filter(isCapacity);
  const limit = atMost(strategy.maxUnavailable, capacity.length);
  let unavailable = capacity.filter((node) => !isAvailable(node)).length;
  const free = due.filter((node) => !isCapacity(node) || !isAvailable(node));
  const assigned: PlanNode[] = [...free];
  for (const node of due.filter((node) => !free.includes(node))) {
    if (unavailable < limit) {
      unavailable += 1;
      assigned.push(node);
    } else {
      held.set(node.name, `${unavailable} nodes are out of service and ${limit} may be`);
    }
  }
  const { given, awaitsTurn } = sharedOut(assigned, proven, request.room, held);
  const assignments = given.map(({ node, share }, at) => ({
    node: node.name,
    generation: nextGeneration + at,
    intent: 'activate' as const,
    drain: strategy.type !== 'live',
    restart: false as const,
    fetchBytesPerSecond: share,
  }));
  return { assignments, held, awaitsTurn, nextGeneration: nextGeneration + assignments.length };
}

/** Those that have it on disk, and of those that must fetch it as many as the fleet's bandwidth allows. */
function sharedOut(
  due: readonly PlanNode[],
  { release }: Target,
  room: FetchRoom,
  held: Map<NodeName, string>,
): { readonly given: { readonly node: PlanNode; readonly share: number }[]; readonly awaitsTurn: boolean } {
  const given: { node: PlanNode; share: number }[] = [];
  let { left } = room;
  let waiting = due.filter(({ staged }) => !staged.includes(release.digest)).length;
  let awaitsTurn = false;
  for (const node of due) {
    const fetches = !node.staged.includes(release.digest);
    const share = fetches ? shareOf({ ...room, left }, waiting) : 0;
    if (fetches) waiting -= 1;
    if (share === undefined) {
      awaitsTurn = true;
      held.set(node.name, turnSentence);
      continue;
    }
    left -= share;
    given.push({ node, share });
  }
  return { given, awaitsTurn };
}

/** '' if the node is to be given the proven release; undefined if it has it, or will; else why it is not given it. */
function obstacleOf(request: StewardRequest, proven: Target, node: PlanNode): string | undefined {
  if (runs(node, proven)) return undefined;
  const { assigned } = node;
  // One that was in an idle group has to be told to take requests.
  const isGiven = assigned?.intent === 'activate' && node.standby !== true && isFor(assigned, proven);
  const given = isGiven ? assigned : undefined;
  const { version } = proven.release;
  if (given?.state === 'open') return undefined;
  if (given?.state === 'failed') return `${version} failed here; a retry needs a new deploy`;
  if (given?.state === 'done') return undefined;
  if (node.liveness !== 'connected') return 'it is not connected';
  if (!node.deployed) return request.join === 'hold' ? 'its environment lets new nodes hold' : '';
  if (request.closed !== undefined) return request.closed;
  return request.settled ? '' : 'the last rollout was not completed; the next deploy decides';
}

const isCapacity = (node: PlanNode): boolean =>
  node.liveness !== 'lost' && (node.deployed || isUnderWay(node));

const isUnderWay = ({ assigned }: PlanNode): boolean =>
  assigned?.intent === 'activate' && assigned.state === 'open';

const isAvailable = (node: PlanNode): boolean =>
  node.serving && node.liveness === 'connected' && !isUnderWay(node);
