import fc from 'fast-check';
import type { Amount, Strategy, WaveSpec } from '../../shared/model/application.js';
import type { RolloutCause } from '../../shared/model/rollout.js';
import type { Fate } from './agent.js';

/** One thing that happens; `at` picks the node it happens to. */
export type Operation =
  | { readonly kind: 'step'; readonly at: number; readonly fate: number }
  | { readonly kind: 'stepAll'; readonly fate: number; readonly times: number }
  | { readonly kind: 'wait'; readonly ms: number }
  | {
      readonly kind:
        | 'wake'
        | 'pause'
        | 'resume'
        | 'approve'
        | 'abort'
        | 'retryAll'
        | 'supersede'
        | 'retune'
        | 'return'
        | 'join'
        | 'freeze'
        | 'crash'
        | 'frozen'
        | 'outside'
        | 'open';
    }
  | {
      readonly kind:
        | 'sicken'
        | 'heal'
        | 'silent'
        | 'lost'
        | 'back'
        | 'stale'
        | 'retry'
        | 'excuse'
        | 'decommission';
      readonly at: number;
    };

export interface Scenario {
  readonly zones: number;
  readonly nodes: readonly { readonly state: 'serving' | 'ill' | 'empty' | 'silent' | 'lost' }[];
  readonly strategy: Strategy;
  readonly cause: RolloutCause;
  /** The release is staged first; what is planned next is of `cause`. */
  readonly prestage: boolean;
  /** Of the fleet, in bytes a second; 0: none. */
  readonly bandwidth: number;
  /** Every other release has a database step; undefined: none has. */
  readonly database: 'reversible' | 'irreversible' | undefined;
  readonly first: boolean;
  readonly join: 'stable' | 'target' | 'hold';
  /** What becomes of nodes that go to a newer release than the proven one, if nothing else is said of them. */
  readonly newer: Fate;
  /** What somebody does on hearing that a rollout goes back. */
  readonly atRollback: 'abort' | 'pause' | 'supersede' | undefined;
  readonly operations: readonly Operation[];
}

const amount = (least: number): fc.Arbitrary<Amount> =>
  fc.oneof(
    fc.integer({ min: least, max: 4 }).map((count) => ({ kind: 'count' as const, count })),
    fc.integer({ min: least, max: 100 }).map((percent) => ({ kind: 'percent' as const, percent })),
  );

const inFirstZone = {
  requirements: [{ kind: 'in' as const, key: 'zone', values: ['z0'] }],
  text: 'zone=z0',
};

const plainWave: fc.Arbitrary<Omit<WaveSpec, 'name' | 'within'>> = fc.record({
  members: fc.oneof(
    fc.constant({ kind: 'canary' as const, by: ['zone'] as const, each: 1 }),
    amount(1).map((of) => ({ kind: 'canaryTotal' as const, by: ['zone'] as const, amount: of })),
    amount(1).map((of) => ({ kind: 'amount' as const, amount: of })),
    fc.constant({ kind: 'by' as const, by: ['zone'] as const }),
    fc.constant({ kind: 'rest' as const }),
  ),
  batch: fc.option(amount(1), { nil: undefined }),
  bakeMs: fc.constantFrom(0, 0, 60_000),
  gate: fc.constantFrom('auto' as const, 'auto' as const, 'manual' as const),
});

const wave: fc.Arbitrary<Omit<WaveSpec, 'name'>> = fc.oneof(
  { weight: 3, arbitrary: plainWave },
  { weight: 1, arbitrary: plainWave.map((spec) => ({ ...spec, within: inFirstZone })) },
);

export const strategy: fc.Arbitrary<Strategy> = fc.record({
  type: fc.constantFrom('live' as const, 'rolling' as const),
  maxUnavailable: amount(1),
  stageRequire: fc.option(amount(1), { nil: undefined, freq: 2 }),
  waves: fc
    .array(wave, { minLength: 1, maxLength: 3 })
    .map((waves) => waves.map((spec, at) => ({ ...spec, name: `wave-${at}` }))),
  health: fc.constant({ minHealthyTimeMs: 0, deadlineMs: 60_000 }),
  budget: fc.record({ failed: amount(0), lost: amount(0) }),
  progressDeadlineMs: fc.constant(600_000),
  onFailure: fc.constantFrom('rollback' as const, 'rollback' as const, 'pause' as const),
});

const at = fc.nat(30);
const fate = fc.nat(15);
const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('step' as const), at, fate }) },
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constant('stepAll' as const),
      fate,
      times: fc.integer({ min: 1, max: 8 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.nat(700_000) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        ...([
          'wake',
          'wake',
          'approve',
          'approve',
          'pause',
          'resume',
          'resume',
          'retryAll',
          'supersede',
          'retune',
          'return',
        ] as const),
        ...(['join', 'freeze', 'crash', 'abort', 'frozen', 'outside', 'open', 'open'] as const),
      ),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        ...([
          'sicken',
          'heal',
          'silent',
          'lost',
          'back',
          'back',
          'stale',
          'retry',
          'excuse',
          'decommission',
        ] as const),
      ),
      at,
    }),
  },
);

export const scenario: fc.Arbitrary<Scenario> = fc.record({
  zones: fc.integer({ min: 1, max: 3 }),
  nodes: fc.array(
    fc.record({
      state: fc.constantFrom(
        ...([
          'serving',
          'serving',
          'serving',
          'serving',
          'serving',
          'ill',
          'empty',
          'silent',
          'lost',
        ] as const),
      ),
    }),
    { maxLength: 12 },
  ),
  strategy,
  cause: fc.constantFrom(
    'deploy' as const,
    'deploy' as const,
    'deploy' as const,
    'restart' as const,
    'rollback' as const,
    'stage' as const,
  ),
  prestage: fc.constantFrom(false, false, true),
  bandwidth: fc.constantFrom(0, 0, 1000, 2_500_000, 5_000_000),
  database: fc.constantFrom(undefined, undefined, 'reversible' as const, 'irreversible' as const),
  first: fc.constantFrom(false, false, false, true),
  join: fc.constantFrom('stable' as const, 'target' as const, 'hold' as const),
  atRollback: fc.constantFrom(undefined, undefined, 'abort' as const, 'pause' as const, 'supersede' as const),
  newer: fc.constantFrom('good' as const, 'good' as const, 'turnsBack' as const, 'fails' as const),
  operations: fc.array(operation, { maxLength: 40, size: 'max' }),
});
