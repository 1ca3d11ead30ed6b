import type { AgentConfig } from '../../agent/stager/settings/settings.js';

/** What happens to an agent at a point: before or after a line of its journal, before or after an effect. */
export const faults = [
  'killBefore',
  'killAfter',
  'ENOSPC',
  'EIO',
  'EROFS',
  'clockAhead',
  'clockBack',
  'coordinatorGone',
] as const;
export type Fault = (typeof faults)[number];

/**
 * A place in the life of an application: `<deployment>/<direction><index> <step>/<line or call>`, such as
 * `upgrade/forward12 swap/begin` or `upgrade/forward12 swap/releases.swap`.
 */
export type Point = string;

/** A point and a fault: `<point>/<fault>`. */
export type Cell = string;

export const cellOf = (point: Point, fault: Fault): Cell => `${point}/${fault}`;

/** Which faults an agent is to suffer; each cell once, for good. */
export interface Plan {
  readonly faults: readonly Fault[];
  /** Only these; undefined: whatever point comes. */
  readonly cells: readonly Cell[] | undefined;
}

export interface AgentJob {
  readonly config: AgentConfig;
  readonly plan: Plan;
  /** A line for each cell that happened: before it happens. */
  readonly doneFile: string;
  /** A line for each point that was passed. */
  readonly seenFile: string;
}

/** From the agent to the harness: the coordinator is to go away, or to come back (it waits for an answer); or the new plan holds. */
export interface Request {
  readonly kind: 'toggleCoordinator' | 'planned';
}

/** From the harness to the agent. */
export type Order = { readonly kind: 'toggled' } | { readonly kind: 'plan'; readonly plan: Plan };

/** What the reader has seen; printed when it is told to stop. */
export interface Seen {
  looks: number;
  absent: number;
  readonly releases: string[];
  readonly torn: string[];
}

/** The last line of every rendered file of these tests: without it, it is half there. */
export const lastLine = '# end\n';
