import type { Effect } from '../../../coordinator/core/rollout/types/effects.js';
import type { RolloutState } from '../../../coordinator/core/rollout/types/rollout.js';
import type { Amount } from '../../../shared/model/application.js';
import type { NodeName } from '../../../shared/model/ids.js';
import { terminalRolloutStatuses } from '../../../shared/model/rollout.js';
import type { Transition, World } from '../world.js';

/** Says what is wrong, or nothing. `step` is asked after every event, `end` when nothing moves any more. */
export interface Invariant {
  readonly name: string;
  readonly step: (world: World, transition: Transition, memory: Memory) => string | undefined;
  readonly end?: (world: World, settled: boolean, memory: Memory) => string | undefined;
}

/** What the checker itself remembers of a rollout; kept apart from what the engine keeps. */
export interface Memory {
  readonly given: Map<NodeName, { readonly generation: number; readonly activate: boolean }>;
  /** Nodes given an activation by this rollout, and those of them given `to`. */
  readonly activated: Set<NodeName>;
  readonly sentForward: Set<NodeName>;
  readonly generations: Set<number>;
  /** Rollout time at which each wave began to bake. */
  readonly bakes: Map<number, number>;
}

type Assign = Extract<Effect, { kind: 'assign' }>;

export const assignsOf = ({ decision }: Transition): readonly Assign[] =>
  decision.effects.filter((effect) => effect.kind === 'assign');

export const rolloutTime = ({ header }: RolloutState, now: number): number =>
  (header.frozenSince ?? now) - header.frozenMs;

export const share = (amount: Amount, base: number, round: (value: number) => number): number =>
  amount.kind === 'count' ? amount.count : round((base * amount.percent) / 100);

export const over = (state: RolloutState): boolean => terminalRolloutStatuses.has(state.header.status);
