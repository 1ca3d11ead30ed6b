/**
 * All times in this folder are milliseconds of the coordinator's *up-time* clock: a number that only grows and
 * stands still while the coordinator is down, so that time down is no node's fault.
 */
export type Millis = number;

/** How many nodes something was seen on, and how long it took on all of them together. */
export interface Timing {
  readonly nodes: number;
  readonly ms: Millis;
}
