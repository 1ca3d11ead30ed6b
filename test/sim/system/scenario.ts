import fc from 'fast-check';
import type { ParallelRule, Strategy } from '../../../shared/model/application.js';
import { strategy } from '../scenario.js';
import { type Kind, kinds } from './incidents.js';
import { faults, type Pipeline, type ReleaseTraits } from './releases.js';

/** Something that happens, and how long after what happened before. Which node, how much, which way: as the kind says. */
export interface Incident {
  readonly after: number;
  readonly kind: Kind;
  readonly at: number;
  readonly size: number;
  readonly flag: boolean;
}

/** Everything that a run depends on. */
export interface Scenario {
  /** The seed of all that is not said here: latencies, what is lost with the power, who comes first. */
  readonly noise: number;
  readonly nodes: number;
  readonly zones: number;
  readonly join: 'stable' | 'target' | 'hold';
  /** Of the fleet, in bytes a second; 0: no limit. */
  readonly bandwidth: number;
  readonly strategies: readonly Strategy[];
  /** Of the releases from the second on; the first is good, and runs everywhere at the start. */
  readonly releases: readonly ReleaseTraits[];
  readonly incidents: readonly Incident[];
  /** Newer releases are not deployed by people: their check is recorded, and the environment goes on by itself. */
  readonly byItself?: boolean;
  /** Builds are published one after the other, and come to production by way of staging. */
  readonly pipeline?: Pipeline | undefined;
  /** For how long of each minute each strategy lets nodes be changed, in milliseconds; undefined: all of it. */
  readonly windows?: readonly (number | undefined)[] | undefined;
  /** On so many nodes content has to fail to be refused everywhere; absent: it never is. */
  readonly poisonAfter?: number | undefined;
}

const parallel: fc.Arbitrary<ParallelRule> = fc.record({
  label: fc.constant('slot'),
  switch: fc.constantFrom('manual' as const, 'auto' as const),
  overlapMs: fc.constantFrom(0, 400),
  releaseAfterMs: fc.constantFrom(undefined, 3000),
});

/** All the clocks of a rollout, made short; some between two groups. */
const shortStrategy = fc.tuple(strategy, fc.option(parallel, { nil: undefined, freq: 4 })).map(
  ([plain, rule]): Strategy => ({
    ...plain,
    waves: plain.waves.map((wave) => ({ ...wave, bakeMs: wave.bakeMs === 0 ? 0 : 2000 })),
    health: { minHealthyTimeMs: 300, deadlineMs: 4000 },
    progressDeadlineMs: 15_000,
    ...(rule === undefined ? {} : { type: 'parallel' as const, parallel: rule }),
  }),
);

const release: fc.Arbitrary<ReleaseTraits> = fc.record({
  // What is to blame for its failure comes up more often: it is what gets poisoned.
  fault: fc.option(fc.constantFrom(...faults, 'start' as const, 'health' as const, 'health' as const), {
    nil: undefined,
    freq: 2,
  }),
  oneIn: fc.constantFrom(1, 2, 3),
  database: fc.constantFrom(undefined, undefined, undefined, 'reversible' as const, 'irreversible' as const),
  service: fc.constantFrom(true, true, true, true, false),
});

const incident: fc.Arbitrary<Incident> = fc.record({
  after: fc.oneof(fc.nat(300), fc.nat(3000), fc.nat(12_000)),
  kind: fc.constantFrom(...kinds),
  at: fc.nat(30),
  size: fc.nat(9),
  flag: fc.boolean(),
});

const pipeline: fc.Arbitrary<Pipeline> = fc.record({
  bakeMs: fc.constantFrom(0, 1500),
  checks: fc.boolean(),
  approvals: fc.constantFrom(0, 1, 2),
});

const windows = fc.array(fc.constantFrom(undefined, 6000, 20_000, 40_000), { minLength: 1, maxLength: 2 });

/** The number of releases that there are besides the first. */
const laterReleases = 4;

/** Of the sites that all others go on from: with the same luck again, a rollout would be called as one before. */
export const imageNoise = 1;

export const scenario: fc.Arbitrary<Scenario> = fc.record({
  noise: fc.noShrink(fc.nat().filter((noise) => noise !== imageNoise)),
  nodes: fc.constantFrom(0, 0, 1, 2, 3, 4, 5, 6),
  zones: fc.integer({ min: 1, max: 3 }),
  join: fc.constantFrom('stable' as const, 'target' as const, 'hold' as const),
  bandwidth: fc.constantFrom(0, 0, 0, 2_500_000),
  strategies: fc.array(shortStrategy, { minLength: 1, maxLength: 2 }),
  releases: fc.array(release, { minLength: laterReleases, maxLength: laterReleases }),
  incidents: fc.array(incident, { maxLength: 24, size: 'max' }),
  byItself: fc.constantFrom(false, false, true),
  pipeline: fc.option(pipeline, { nil: undefined, freq: 2 }),
  windows: fc.option(windows, { nil: undefined, freq: 2 }),
  poisonAfter: fc.constantFrom(undefined, 1, 1, 2),
});
