import type { ConsumerName } from '../../shared/model/ids.js';
import type { ConsumerRecord } from './state-store.js';

export interface ConsumerSummary extends ConsumerRecord {
  /** Position of the newest event there is. */
  readonly newest: number;
}

/**
 * The log of events as an outbox: a consumer is told every event at least once and in their order, and goes on after what
 * it has acknowledged, whoever was down meanwhile.
 */
export interface Outbox {
  /** By name. */
  consumers(): Promise<readonly ConsumerSummary[]>;
  /**
   * Where the consumer is to go on. One that is not known is written down first, so that it misses nothing from then on.
   * @param since where a new one begins, milliseconds since the epoch; undefined: with what is still to come
   */
  open(name: ConsumerName, by: string, since: number | undefined): Promise<ConsumerRecord>;
  /** Everything up to this position was taken. One that was acknowledged before, or an older one, changes nothing. */
  acknowledge(name: ConsumerName, position: number): Promise<ConsumerSummary>;
  /** Nothing is kept for it any more. */
  forget(name: ConsumerName, by: string): Promise<void>;
}
