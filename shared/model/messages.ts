import type { DesiredState } from './desired-state.js';
import type { AppName, Epoch, RestoreId } from './ids.js';
import type { NodeStatus } from './node-status.js';
import type { Serving } from './peers.js';

/** What an agent and the coordinator say to each other; who the agent is, is known from the connection. */
export interface PollRequest {
  /** Revision of the newest desired state the agent has; 0: none. */
  readonly revisionSeen: number;
  /** Random, kept in the state directory: tells a restarted agent from a second one. */
  readonly instance: string;
  /** Random, one for each run of the agent. */
  readonly session: string;
  /** Of the newest status the coordinator has acknowledged in this session; 0: none. */
  readonly reportSequence: number;
  /** The greatest that a coordinator named; absent: the agent is of a version that knows of none. */
  readonly epochSeen?: Epoch;
  /** The restore that began it; '': none was named; absent as above. */
  readonly restoreSeen?: RestoreId;
}

export interface PollAnswer {
  /** Undefined: nothing new. */
  readonly desired: DesiredState | undefined;
  /** Wait this long before the next poll. Milliseconds. */
  readonly retryAfterMs: number;
  /** The coordinator has no status of this session: send one now. */
  readonly reportWanted: boolean;
  readonly logs: readonly LogRequest[];
}

/** Somebody asks for the end of an application's output; answered in the next report. */
export interface LogRequest {
  readonly id: string;
  readonly app: AppName;
  readonly maxBytes: number;
}

export interface LogAnswer {
  readonly id: string;
  readonly text: string;
}

export interface ReportRequest {
  readonly session: string;
  /** Grows by one with each report of a session. */
  readonly sequence: number;
  readonly status: NodeStatus;
  readonly logs: readonly LogAnswer[];
  /** What the node offers to other nodes; undefined: nothing. */
  readonly serving: Serving | undefined;
}

/** A server wants to become a node. */
export interface EnrolQuestion {
  readonly token: string;
  readonly name: string;
  /** PKCS #10, DER. */
  readonly request: Uint8Array;
}

/** A node wants another certificate. */
export interface RenewQuestion {
  readonly request: Uint8Array;
}

export interface CertificateAnswer {
  /** DER. */
  readonly certificate: Uint8Array;
  /** Where agents are served, on the host that was asked; 0: as before. */
  readonly agentPort: number;
  /** The coordinator's clock. Milliseconds since the epoch. */
  readonly nowMs: number;
}

/** Bounds of what travels between an agent and the coordinator, both ways. */
export const messageLimits = {
  /** Of one message. Bytes. */
  messageBytes: 2 * 1024 * 1024,
  /** Applications in a status. */
  apps: 100,
  /** Digests on a node's disk of one application. */
  staged: 64,
  /** Places that a release was fetched from. */
  sources: 64,
  /** Paths that drifted, by name; there may be more of them. */
  driftedPaths: 20,
  /** Ids of the keys that a node trusts. */
  trustedKeys: 100,
  /** A path within a release, in UTF-16 units. */
  path: 4096,
  /** Log tail of a failure, in UTF-16 units; longer ones are cut at their start. */
  logTail: 8 * 1024,
  /** Answer to a log request, in UTF-16 units; longer ones are cut at their start. */
  logText: 256 * 1024,
  /** Reasons and notes. */
  sentence: 2000,
} as const;
