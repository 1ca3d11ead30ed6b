import type { PollResponse } from '../../shared/wire/gen/capstan/v1/PollResponse.js';

/** What the benchmark tells the process that plays the agents. */
export type ToAgents =
  | { readonly kind: 'connect'; readonly address: string; readonly count: number; readonly label: string }
  /** Poll again with the revision just seen; with `report`, say first that it is healthy. */
  | { readonly kind: 'next' };

/** What it hears from it. Times are milliseconds of the system's monotonic clock, which all processes share. */
export type FromAgents =
  /** All polls are sent, and the server has answered something that was sent after each. */
  | { readonly kind: 'held' }
  | {
      readonly kind: 'answered';
      readonly arrivals: readonly number[];
      readonly answerBytes: number;
      /** The first answer, for the bare server to copy. */
      readonly answer: PollResponse;
    };

export interface ToServer {
  readonly kind: 'answer';
  readonly answer: PollResponse;
}
export interface FromServer {
  readonly kind: 'listening';
  readonly address: string;
}

export const monotonicMs = (): number => Number(process.hrtime.bigint()) / 1e6;
