import type { NodeName } from '../../../../shared/model/ids.js';
import type { Pressure } from '../../../../shared/model/node-status.js';
import { valuesOf } from '../../collections/hash-map.js';
import { isOver } from '../draft.js';
import type { RolloutNode } from '../types/node.js';
import type { RolloutState } from '../types/rollout.js';
import type { Millis } from '../types/time.js';
import { plural, versionOf } from './sentences.js';

/** What a node last told beside its part in the rollout. */
export interface Vitals {
  readonly restarts: number;
  readonly pressure: Pressure | undefined;
  /** When it told the pressure (up-time). */
  readonly pressureAt: Millis | undefined;
}

/** Nodes that have the release, or those that run another one. */
export interface Cohort {
  readonly nodes: number;
  readonly healthy: number;
  readonly unhealthy: number;
  /** Not connected: how they are is not known. */
  readonly away: number;
  /** By themselves: since they have the release, of the others since the plan was made. */
  readonly restarts: number;
  /** Of a node in an hour. */
  readonly restartRate: number;
  /** The mean of those that have told it, of the others once they have the release. */
  readonly pressure: Pressure | undefined;
}

export interface Comparison {
  readonly having: Cohort;
  readonly lacking: Cohort;
  /** Sentences: in what those that have it are worse off. */
  readonly differences: readonly string[];
}

const hourMs = 3_600_000;

/**
 * How the nodes that have the release fare beside those that have not; undefined where there are not both.
 * @param elapsedMs since the plan was made
 */
export function compareCohorts(
  state: RolloutState,
  vitalsOf: (node: NodeName) => Vitals,
  now: Millis,
  elapsedMs: Millis,
): Comparison | undefined {
  const { header } = state;
  if (isOver(header) || header.lane === 'back' || header.cause === 'stage') return undefined;
  const having = new Tally();
  const lacking = new Tally();
  for (const node of valuesOf(state.nodes)) {
    const vitals = vitalsOf(node.name);
    const sincePlan = vitals.restarts - (node.restartsBefore ?? 0);
    const restarts = node.touched || sincePlan < 0 ? vitals.restarts : sincePlan;
    if (node.phase === 'skipped' || node.phase === 'excused') continue;
    if (hasIt(state, node)) {
      const isFresh = vitals.pressureAt !== undefined && vitals.pressureAt >= node.since;
      const pressure = isFresh || !node.touched ? vitals.pressure : undefined;
      having.add(node, restarts, node.touched ? now - node.since : elapsedMs, pressure);
    } else if (!node.touched && node.current !== undefined) {
      lacking.add(node, restarts, elapsedMs, vitals.pressure);
    }
  }
  if (having.nodes === 0 || lacking.nodes === 0) return undefined;
  const cohorts = { having: having.cohort(), lacking: lacking.cohort() };
  return { ...cohorts, differences: differencesOf(cohorts.having, cohorts.lacking, versionOf(header, 'to')) };
}

/** One that failed and turned back is in neither cohort, nor is one that is being changed. */
const hasIt = ({ header }: RolloutState, { target, phase, touched, open, current }: RolloutNode): boolean =>
  target === 'to' &&
  (phase === 'healthy' || (touched && !open && current?.digest === header.to.release.digest));

class Tally {
  nodes = 0;
  #healthy = 0;
  #unhealthy = 0;
  #away = 0;
  #restarts = 0;
  #observedMs = 0;
  #told = 0;
  #sum: Pressure = { cpu: 0, memory: 0, io: 0 };

  add(node: RolloutNode, restarts: number, observedMs: Millis, pressure: Pressure | undefined): void {
    this.nodes += 1;
    if (node.liveness !== 'connected') this.#away += 1;
    else if (node.health === 'healthy') this.#healthy += 1;
    else if (node.health === 'unhealthy') this.#unhealthy += 1;
    this.#restarts += restarts;
    this.#observedMs += Math.max(0, observedMs);
    if (pressure === undefined || node.liveness !== 'connected') return;
    this.#told += 1;
    const { cpu, memory, io } = this.#sum;
    this.#sum = { cpu: cpu + pressure.cpu, memory: memory + pressure.memory, io: io + pressure.io };
  }

  cohort(): Cohort {
    const { cpu, memory, io } = this.#sum;
    const told = this.#told;
    return {
      nodes: this.nodes,
      healthy: this.#healthy,
      unhealthy: this.#unhealthy,
      away: this.#away,
      restarts: this.#restarts,
      restartRate: this.#observedMs === 0 ? 0 : (this.#restarts * hourMs) / this.#observedMs,
      pressure: told === 0 ? undefined : { cpu: cpu / told, memory: memory / told, io: io / told },
    };
  }
}

/** Percentage points by which some work must wait longer before it is worth a word. */
const notable = 10;

function differencesOf(having: Cohort, lacking: Cohort, version: string): readonly string[] {
  const found: string[] = [];
  const badly = (
    [
      ['unhealthy', having.unhealthy, lacking.unhealthy],
      ['not connected', having.away, lacking.away],
    ] as const
  ).filter(([, ours, theirs]) => ours / having.nodes > theirs / lacking.nodes);
  for (const [how, ours, theirs] of badly) {
    found.push(
      `${ours} of ${plural(having.nodes, 'node')} with ${version} ${ours === 1 ? 'is' : 'are'} ${how}, ${theirs} of ${lacking.nodes} without`,
    );
  }
  if (having.restarts > 0 && having.restartRate > lacking.restartRate) {
    found.push(
      `services with ${version} ended by themselves ${times(having)} a node and hour, without it ${times(lacking)}`,
    );
  }
  for (const resource of ['cpu', 'memory', 'io'] as const) {
    const ours = having.pressure?.[resource];
    const theirs = lacking.pressure?.[resource];
    if (ours === undefined || theirs === undefined || ours - theirs < notable) continue;
    const what = resource === 'io' ? 'disk' : resource;
    found.push(
      `nodes with ${version} waited for ${what} ${ours.toFixed(0)} % of the time, those without ${theirs.toFixed(0)} %`,
    );
  }
  return found;
}

const times = ({ restartRate }: Cohort): string => `${restartRate.toFixed(1)} times`;
