import type { RolloutIndex, WaveCounts } from './rollout-index.js';
import type { RolloutNode } from './types.js';

export type NodeClass = Exclude<keyof WaveCounts, 'size'>;

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
 * loss budget counts it, hawkbit#693, octopus#517; excused: a person said so), nor is one that never had a release.
 */
export function isCounted(node: RolloutNode): boolean {
  if (node.liveness === 'lost') return false;
  if (node.phase === 'lost' || node.phase === 'excused' || node.phase === 'skipped') return false;
  return node.deployed || node.touched || node.open || node.busy !== undefined;
}

/** Counts against `maxUnavailable`: not serving, whatever the reason, or about to be changed (nomad GH-27284). */
export function isUnavailable(node: RolloutNode): boolean {
  if (!isCounted(node)) return false;
  return node.open || node.busy !== undefined || !node.serving || node.liveness !== 'connected';
}

export type QueueName = keyof RolloutIndex['queues'];

/** The queue a connected node waits in for an activation. To change one that is out of service costs nothing. */
export function queueOf(node: RolloutNode): QueueName | undefined {
  if (classOf(node) !== 'queued' || node.liveness !== 'connected') return undefined;
  const free = !isCounted(node) || isUnavailable(node);
  if (node.target === 'to') return free ? 'toFree' : 'toServing';
  return free ? 'fromFree' : 'fromServing';
}

export const isAbsent = (node: RolloutNode): boolean =>
  classOf(node) === 'queued' && node.liveness !== 'connected';

/** To be taken back by a rollback. */
export const isTouched = (node: RolloutNode): boolean => node.touched && node.target === 'to';

export function isBackOpen(node: RolloutNode): boolean {
  const kind = classOf(node);
  return node.target === 'from' && (kind === 'queued' || kind === 'open');
}

export const isBackFailed = (node: RolloutNode): boolean =>
  node.target === 'from' && (node.phase === 'failed' || node.phase === 'inconsistent');

/** Counted by the stage requirement: those connected at planning that are still there. */
export function isStageBase(node: RolloutNode): boolean {
  return (
    node.online &&
    node.wave >= 0 &&
    node.liveness !== 'lost' &&
    node.phase !== 'excused' &&
    node.phase !== 'lost'
  );
}

export const isToStage = (node: RolloutNode): boolean =>
  node.wave >= 0 &&
  node.liveness === 'connected' &&
  node.target === 'to' &&
  !node.onDisk &&
  node.intent === undefined &&
  node.phase === 'pending';
