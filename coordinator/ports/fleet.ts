import type { DesiredState } from '../../shared/model/desired-state.js';
import type { Epoch, NodeName, RestoreId } from '../../shared/model/ids.js';
import type { Labels } from '../../shared/model/labels.js';
import type { NodeStatus } from '../../shared/model/node-status.js';

/** Who polls: what the connection proves (a certificate; under --insecure-loopback what the agent says). */
export interface NodeCaller {
  readonly kind: 'node';
  readonly name: NodeName;
  readonly labels: Labels;
  /** Of its enrolment, see `Identity`; undefined under --insecure-loopback. */
  readonly identity?: string;
  /** Remote `host:port`, for people. */
  readonly address: string;
}

/** What the agents' service needs of the rest of the coordinator. */
export interface Fleet {
  /**
   * A node opened its first poll of a session. Registers a node that was not known, and takes over its labels.
   * Resolves once that is committed; rejects with `refused` for a decommissioned node.
   */
  nodeArrived(caller: NodeCaller, instance: string): Promise<void>;
  /** From memory, cheap: the highest generation among the node's assignments, 0 if there is none. */
  revisionOf(node: NodeName): number;
  desiredStateOf(node: NodeName): DesiredState;
  /** What this coordinator's generations are of. */
  readonly epoch: Epoch;
  readonly restoreId: RestoreId;
  /** A node has heard of a later epoch than ours, or of another restore that began ours: another coordinator serves it, or did. Synchronous and cheap. */
  outranked(node: NodeName, seen: Epoch): void;
  /** True if no status of this session was taken yet. */
  reportWanted(node: NodeName, session: string): boolean;
  /**
   * Resolves when the status is committed. Reports are committed in groups.
   * @throws CapstanError `unavailable` when too many wait
   */
  report(node: NodeName, session: string, sequence: number, status: NodeStatus): Promise<void>;
  /** For liveness: a poll is held, or is over. Synchronous and cheap. */
  pollHeld(node: NodeName): void;
  pollOver(node: NodeName): void;
}

/** What the orchestrator needs of the held polls. */
export interface Polls {
  /** The desired state of these nodes has changed: answers the polls they hold. */
  wake(nodes: Iterable<NodeName>): void;
  /**
   * Asks a node for the end of an application's output.
   * @throws CapstanError `unavailable` if it holds no poll, `failed` if it does not answer in time
   */
  requestLogs(node: NodeName, app: string, maxBytes: number): Promise<string>;
  /** Ends the poll a node holds, and refuses others: it was decommissioned. */
  expel(node: NodeName): void;
}
