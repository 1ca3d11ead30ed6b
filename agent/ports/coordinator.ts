import type { PollAnswer, PollRequest, ReportRequest } from '../../shared/model/messages.js';
import type { PeersAnswer, PeersQuestion } from '../../shared/model/peers.js';

export interface CallOptions {
  /** Milliseconds. */
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
}

/** One coordinator, as a node sees it. Calls reject with CapstanError. */
export interface Coordinator {
  /** host:port, for logs. */
  readonly address: string;
  /** Held open by the coordinator until there is something to say. */
  poll(request: PollRequest, options: CallOptions): Promise<PollAnswer>;
  /** @returns the sequence number that is now acknowledged */
  report(request: ReportRequest, options: CallOptions): Promise<number>;
  /** Which other nodes have packs, or are fetching them as well. */
  findPeers(question: PeersQuestion, options: CallOptions): Promise<PeersAnswer>;
  close(): void;
}
