import type { DesiredState } from '../../shared/model/desired-state.js';
import type { AppName } from '../../shared/model/ids.js';
import type { NodeStatus } from '../../shared/model/node-status.js';

export interface LogRequest {
  readonly id: string;
  readonly app: AppName;
  readonly maxBytes: number;
}

export interface LogAnswer {
  readonly id: string;
  readonly text: string;
}

export interface PollQuestion {
  readonly revisionSeen: number;
  readonly instance: string;
  readonly session: string;
  /** Of the newest status acknowledged in this session. */
  readonly reportSequence: number;
}

export interface PollAnswer {
  /** undefined: nothing new. */
  readonly desired: DesiredState | undefined;
  /** Wait so long before the next poll. Milliseconds. */
  readonly retryAfterMs: number;
  readonly reportWanted: boolean;
  readonly logs: readonly LogRequest[];
}

export interface NodeReport {
  readonly session: string;
  readonly sequence: number;
  readonly status: NodeStatus;
  readonly logs: readonly LogAnswer[];
}

/** One coordinator, as a node sees it. Calls reject with CapstanError. */
export interface Coordinator {
  /** host:port, for logs. */
  readonly address: string;
  /** Held open by the coordinator until there is something to say. */
  poll(question: PollQuestion, signal: AbortSignal): Promise<PollAnswer>;
  /** @returns the sequence number that is now acknowledged */
  report(report: NodeReport, signal: AbortSignal): Promise<number>;
  close(): void;
}
