import type { SlotName } from './parallel/slots.js';
import type { RolloutIndex, WaveCounts } from './rollout-index.js';
import type { RolloutNode } from './types/node.js';

export type NodeClass = Exclude<keyof WaveCounts, 'size' | 'unheard'>;

/** In which one of the counters of its wave a node stands. */
export function classOf(node: RolloutNode): NodeClass {
  switch (node.phase) {
    case 'lost':
      return 'lost';
    case 'skipped':
      return 'skipped';
    case 'excused':
      return 'excused';
    case 'healthy':
      return 'healthy';
    case 'staged':
      if (node.only === 'stage') return 'staged';
      return node.open ? 'open' : 'queued';
    case 'turnedBack':
      return node.target === 'from' && node.failure === undefined ? 'returned' : 'failed';
    case 'failed':
    case 'inconsistent':
      return 'failed';
    default:
      return node.open ? 'open' : 'queued';
  }
}

/**
 * True if the node is capacity of the environment: those written off are not (lost: its lease has ended and the
 * loss budget counts it, hawkbit#693, octopus#517; excused: a person said so), nor is one that never had a release,
 * nor one that takes no requests because its group is idle.
 */
export function isCounted(node: RolloutNode): boolean {
  if (node.liveness === 'lost' || node.standby === true) return false;
  if (node.phase === 'lost' || node.phase === 'excused' || node.phase === 'skipped') return false;
  return node.deployed || node.attempts > 0 || node.busy !== undefined;
}

/** Counts against `maxUnavailable`: not serving, whatever the reason, or about to be changed (nomad GH-27284). */
export const isUnavailable = (node: RolloutNode): boolean => isCounted(node) && isDown(node);

const isDown = (node: RolloutNode): boolean =>
  node.open || node.busy !== undefined || !node.serving || node.liveness !== 'connected';

export type QueueName = keyof RolloutIndex['queues'];

/** Everything the index knows a node by. */
export interface Roles {
  readonly kind: NodeClass | undefined;
  readonly counted: boolean;
  readonly unavailable: boolean;
  /** The queue it waits in for an activation, if it is connected. */
  readonly queue: QueueName | undefined;
  /** It was healthy when it was last heard of, and is not connected. */
  readonly unheard: boolean;
  /** That, or it waits for an activation and is not connected. */
  readonly absent: boolean;
  /** To be taken back by a rollback. */
  readonly touched: boolean;
  readonly backOpen: boolean;
  readonly backFailed: boolean;
  /** Counted by the stage requirement: those connected at planning that are still there. */
  readonly stageBase: boolean;
  readonly stageDone: boolean;
  /** To be told to stage: it must fetch, or has it on disk and is only to keep it. */
  readonly toStage: 'fetch' | 'keep' | undefined;
  /** Told to stage, and not done yet. */
  readonly fetching: boolean;
  /** Its group, if it was told to take requests. */
  readonly slot: SlotName | undefined;
  readonly slotReady: boolean;
  /** It still has to be told to take requests, or none. */
  readonly toTell: boolean;
}

export function rolesOf(node: RolloutNode): Roles {
  const kind = node.only === 'traffic' ? undefined : classOf(node);
  const counted = isCounted(node);
  const unavailable = counted && isDown(node);
  const queued = kind === 'queued';
  const connected = node.liveness === 'connected';
  const unheard = kind === 'healthy' && !connected;
  const back = node.target === 'from';
  const stageBase =
    node.online && node.wave >= 0 && node.liveness !== 'lost' && kind !== 'excused' && kind !== 'lost';
  return {
    kind,
    counted,
    unavailable,
    queue:
      queued && connected && node.only === undefined ? queueOf(back, !counted || unavailable) : undefined,
    unheard,
    absent: unheard || (queued && !connected),
    touched: node.touched && !back,
    backOpen: back && (queued || kind === 'open'),
    backFailed: back && (node.phase === 'failed' || node.phase === 'inconsistent'),
    stageBase,
    stageDone: stageBase && node.onDisk,
    toStage: connected && isToStage(node) ? (node.onDisk ? 'keep' : 'fetch') : undefined,
    fetching: node.intent === 'stage' && node.phase === 'staging',
    ...(node.slot === undefined ? noSlot : slotRolesOf(node, node.slot)),
  };
}

type SlotRoles = Pick<Roles, 'slot' | 'slotReady' | 'toTell'>;

const noSlot: SlotRoles = { slot: undefined, slotReady: false, toTell: false };

function slotRolesOf(node: RolloutNode, slot: SlotName): SlotRoles {
  const { phase, standby, told, liveness } = node;
  const settled = !node.open && node.busy === undefined && node.current !== undefined;
  const away = liveness === 'lost' || phase === 'lost' || phase === 'excused' || phase === 'skipped';
  const isIn = settled && told === 'in' && standby !== true && !away;
  return {
    slot: isIn ? slot : undefined,
    slotReady: isIn && node.ready === true,
    // What failed is not let in; whatever it is, it can be kept out.
    toTell: settled && (standby === true ? told !== 'out' : told === 'out' && phase === 'healthy'),
  };
}

const isToStage = (node: RolloutNode): boolean =>
  node.phase === 'pending' &&
  node.wave >= 0 &&
  node.target === 'to' &&
  (!node.onDisk || node.only === 'stage') &&
  node.intent === undefined &&
  node.busy === undefined; // else it would never be told to go back

export const noRoles: Roles = {
  kind: undefined,
  counted: false,
  unavailable: false,
  queue: undefined,
  unheard: false,
  absent: false,
  touched: false,
  backOpen: false,
  backFailed: false,
  stageBase: false,
  stageDone: false,
  toStage: undefined,
  fetching: false,
  ...noSlot,
};

/** To change a node that is out of service costs nothing. */
function queueOf(back: boolean, free: boolean): QueueName {
  if (back) return free ? 'fromFree' : 'fromServing';
  return free ? 'toFree' : 'toServing';
}
