import { formatDuration } from '../../../../shared/core/duration.js';
import type { NodePhase } from '../../../../shared/model/node-status.js';
import type { RolloutNode } from '../types/node.js';
import type { Target } from '../types/plan.js';
import type { RolloutHeader } from '../types/rollout.js';

export const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

export const versionOf = (header: RolloutHeader, target: 'to' | 'from'): string => {
  const { from, to, app } = header;
  return `${app} ${(target === 'to' ? to : (from ?? to)).release.version}`;
};

/** Why a node may not fetch yet. */
export const turnSentence = "waiting for its turn to stage: the fleet's bandwidth is given to others";

/** What becomes of nodes that are silent when a rollout begins. */
export const silentSentence = (names: readonly string[]): string =>
  names.length === 1
    ? `${names[0] ?? ''} is silent: it is waited for until it is back, or is lost and then skipped`
    : `${names.length} nodes are silent (${listed(names)}): they are waited for until they are back, or are lost and then skipped`;

/** Same bytes, same configuration. */
export const sameTarget = (a: Target, b: Target): boolean =>
  a.release.digest === b.release.digest && a.configRevision === b.configRevision;

/** `web-a1, web-a2, web-a3 and 4 more` */
export function listed(names: readonly string[], total: number = names.length): string {
  const shown = names.slice(0, 3);
  return total > shown.length ? `${shown.join(', ')} and ${total - shown.length} more` : shown.join(', ');
}

export function failureSentence(node: RolloutNode): string {
  const { failure } = node;
  if (failure === undefined) return `node ${node.name} ${phaseWords[node.phase]}`;
  // Its reason names both steps, the one that failed and the one on the way back.
  if (node.phase === 'inconsistent')
    return `node ${node.name} could neither go on nor turn back: ${failure.reason}`;
  const verb = node.phase === 'turnedBack' ? 'turned back' : 'failed';
  return `node ${node.name} ${verb} at ${failure.step}: ${failure.reason}`;
}

export const phaseWords: Readonly<Record<RolloutNode['phase'], string>> = {
  pending: 'waits for its turn',
  staging: 'is fetching and verifying',
  staged: 'has it on disk',
  draining: 'is draining',
  stopping: 'is stopping the old release',
  switching: 'is switching',
  starting: 'is starting',
  checking: 'is being checked',
  healthy: 'is healthy',
  failed: 'failed',
  turnedBack: 'turned back',
  inconsistent: 'is inconsistent',
  lost: 'is lost',
  skipped: 'was skipped',
  excused: 'is excused',
};

/** The step of the lifecycle a node is in while its phase is this one. */
export const stepOfPhase = {
  staging: 'fetch',
  staged: 'preflight',
  draining: 'drain',
  stopping: 'stop',
  switching: 'swap',
  starting: 'start',
  checking: 'check',
} as const satisfies Partial<Record<NodePhase, string>>;

export const ago = (ms: number): string => formatDuration(Math.max(0, ms));
