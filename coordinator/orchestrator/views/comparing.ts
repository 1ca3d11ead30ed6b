import type { NodeName } from '../../../shared/model/ids.js';
import { type Comparison, compareCohorts, type Vitals } from '../../core/rollout/explain/cohorts.js';
import { type ActiveRollout, statusOf, type World } from '../world.js';

/**
 * How the nodes that have the release of a rollout fare beside those that have not.
 * @param time up-time and wall clock, in milliseconds
 */
export function comparisonIn(
  world: World,
  { record, state }: ActiveRollout,
  { up, now }: { readonly up: number; readonly now: number },
): Comparison | undefined {
  const { app } = record.header;
  const vitalsOf = (name: NodeName): Vitals => {
    const entry = world.nodes.get(name);
    return {
      restarts: (entry && statusOf(entry, app)?.restarts) ?? 0,
      pressure: entry?.record.status?.facts?.pressure,
      pressureAt: entry?.factsAt,
    };
  };
  return compareCohorts(state, vitalsOf, up, now - record.createdAt);
}

/** In what the nodes that have the release are worse off, or that they are not; nothing where there are not both. */
export function comparedIn(
  world: World,
  active: ActiveRollout,
  time: { readonly up: number; readonly now: number },
): readonly string[] {
  const comparison = comparisonIn(world, active, time);
  if (comparison === undefined) return [];
  const { differences, having } = comparison;
  const none = `${having.nodes} with the new release: no worse than the others in health, restarts and pressure`;
  return differences.length === 0 ? [none] : differences;
}
