import type { AppName, Digest, Generation, NodeName } from '../../../shared/model/ids.js';
import type { AppStatus, NodePhase, ReleaseId } from '../../../shared/model/node-status.js';
import type { PlanNode } from '../rollout/types/plan.js';

/** What a node was told last. */
export interface Task {
  readonly generation: Generation;
  readonly intent: 'stage' | 'activate';
  /** Forwards or back; undefined: left over from an earlier rollout, so that nothing more is known of it. */
  readonly lane: 'to' | 'from' | undefined;
  readonly release: ReleaseId | undefined;
}

/** A node while a rollout is played through: what it would report. */
export interface PlayedNode {
  readonly name: NodeName;
  current: ReleaseId | undefined;
  serving: boolean;
  /** It takes no requests, however well it is: the idle group of a blue/green pair. */
  standby: boolean;
  readonly staged: Set<Digest>;
  task: Task | undefined;
  /** It does nothing any more, and says nothing. */
  gone: boolean;
  /** Why it does not let the release run, a sentence; undefined: it does. */
  readonly refusal: string | undefined;
}

export function playedNode(node: PlanNode, refusal: string | undefined): PlayedNode {
  const { name, current, serving, staged, assigned } = node;
  const open = assigned?.state === 'open' && assigned.intent === 'activate';
  const disk = new Set(staged);
  if (current !== undefined) disk.add(current.digest);
  const task: Task | undefined = open
    ? { generation: assigned.generation, intent: 'activate', lane: undefined, release: undefined }
    : undefined;
  const standby = node.standby === true;
  return { name, current, serving, standby, staged: disk, task, gone: false, refusal };
}

/** Brings the node to this phase of its task, and gives what it reports then. */
export function reach(app: AppName, node: PlayedNode, phase: Reached): AppStatus {
  const { task } = node;
  const release = task?.release;
  if (phase === 'staged' && release !== undefined) node.staged.add(release.digest);
  if (phase === 'healthy') {
    if (release !== undefined) node.current = { version: release.version, digest: release.digest };
    node.serving = node.current !== undefined;
  }
  const checking = phase === 'checking';
  return {
    app,
    generation: task?.generation ?? 0,
    phase: phase === 'failed' ? failedPhase(node) : phase === 'refused' ? 'failed' : phase,
    health: checking ? 'unknown' : node.serving ? 'healthy' : 'unhealthy',
    ready: node.serving && !checking && !node.standby,
    ...(node.standby ? { standby: true } : {}),
    current: node.current,
    previous: undefined,
    staged: [...node.staged],
    failure: phase === 'refused' ? refused(node) : phase === 'failed' ? supposed : undefined,
    note: '',
    fetched: undefined,
    fetchedFrom: [],
  };
}

/** `refused`: it fails before it has fetched anything. */
export type Reached = Extract<NodePhase, 'staged' | 'checking' | 'healthy' | 'failed'> | 'refused';

/** It turns back by itself, if there is something to turn back to. */
const failedPhase = ({ current }: PlayedNode): NodePhase => (current === undefined ? 'failed' : 'turnedBack');

const refused = ({ refusal = '' }: PlayedNode): AppStatus['failure'] => ({
  step: 'verify',
  reason: refusal,
  logTail: '',
});

const supposed: AppStatus['failure'] = {
  step: 'check',
  reason: 'it is supposed not to become healthy',
  logTail: '',
};
