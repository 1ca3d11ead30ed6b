import type { NodeName } from '../../../shared/model/ids.js';
import { getKey, valuesOf } from '../collections/hash-map.js';
import { maxUnavailableOf } from '../rollout/counts.js';
import { isOver } from '../rollout/draft.js';
import { explainRollout } from '../rollout/explain/explain.js';
import type { Decision } from '../rollout/types/effects.js';
import type { Wave } from '../rollout/types/plan.js';
import type { RolloutHeader, RolloutState } from '../rollout/types/rollout.js';
import type { Millis } from '../rollout/types/time.js';
import type { Availability, PlannedChange, PlannedRollout, PlannedWave } from './types.js';

/** What is written down while a rollout is played; times are up-time. Changed in place. */
export interface Score {
  readonly began: Millis;
  /** When each node was first told to activate the release, in that order. */
  readonly changed: Map<NodeName, Millis>;
  /** By the wave's place: when it was complete. */
  readonly complete: Map<number, Millis>;
  readonly availability: Availability[];
  readonly approvals: { readonly at: Millis; readonly what: string }[];
  readonly waits: { readonly atMs: Millis; untilMs: Millis | undefined; readonly what: string }[];
  capacity: number;
  maxUnavailable: number;
  waves: readonly Wave[];
  lastAt: Millis;
}

export const newScore = (now: Millis): Score => ({
  began: now,
  changed: new Map(),
  complete: new Map(),
  availability: [],
  approvals: [],
  waits: [],
  capacity: 0,
  maxUnavailable: 0,
  waves: [],
  lastAt: now,
});

/** Costs what the decision changed. */
export function score(sheet: Score, { state, effects }: Decision, now: Millis): void {
  const { header, index } = state;
  if (sheet.availability.length === 0) {
    sheet.capacity = index.counted;
    sheet.maxUnavailable = maxUnavailableOf(header, index);
  }
  if (effects.length > 0) sheet.lastAt = now;
  for (const effect of effects) {
    if (effect.kind !== 'assign' || effect.intent !== 'activate' || effect.target !== 'to') continue;
    if (!sheet.changed.has(effect.node)) sheet.changed.set(effect.node, now);
  }
  noteWaits(sheet, header, now - sheet.began);
  if (header.waves !== sheet.waves) noteComplete(sheet, header, now);
  noteServing(sheet, index.counted - index.unavailable, now - sheet.began);
}

function noteComplete(sheet: Score, { waves }: RolloutHeader, now: Millis): void {
  waves.forEach(({ status }, at) => {
    const isComplete = status === 'baking' || status === 'gated' || status === 'passed';
    if (isComplete && !sheet.complete.has(at)) sheet.complete.set(at, now);
  });
  sheet.waves = waves;
}

function noteWaits({ waits }: Score, { closed }: RolloutHeader, atMs: Millis): void {
  const last = waits.at(-1);
  const open = last?.untilMs === undefined ? last : undefined;
  if (open?.what === closed?.waitsFor) return;
  if (open !== undefined) open.untilMs = atMs;
  if (closed !== undefined) waits.push({ atMs, untilMs: undefined, what: closed.waitsFor });
}

function noteServing({ availability }: Score, serving: number, atMs: Millis): void {
  if (availability.at(-1)?.atMs === atMs) availability.pop();
  if (availability.at(-1)?.serving !== serving) availability.push({ atMs, serving });
}

/** What came of it, once it is over. */
export function outcomeOf(sheet: Score, state: RolloutState, now: Millis): PlannedRollout {
  const { header } = state;
  const ended = isOver(header);
  const { capacity, maxUnavailable, availability } = sheet;
  return {
    status: header.status,
    reason: ended ? header.reason : explainRollout(state, now).answer,
    durationMs: (ended ? header.since : sheet.lastAt) - sheet.began,
    waves: header.waves.map((wave, at) => wavePlan(sheet, state, wave, at)),
    changes: [...sheet.changed].flatMap(([node, at]) => changePlan(sheet, state, node, at)),
    ...{ capacity, maxUnavailable, availability },
    floor: availability.reduce((least, { serving }) => Math.min(least, serving), capacity),
    skipped: skippedIn(state),
    waits: sheet.waits,
    approvals: sheet.approvals.map(({ at, what }) => ({ atMs: at - sheet.began, what })),
  };
}

function wavePlan(sheet: Score, { index }: RolloutState, wave: Wave, at: number): PlannedWave {
  const { name, status, reason, startedAt, endedAt } = wave;
  const since = (time: Millis | undefined): Millis | undefined =>
    time === undefined ? undefined : time - sheet.began;
  return {
    ...{ name, status, reason, nodes: index.waves[at]?.size ?? 0 },
    beganMs: since(startedAt),
    completeMs: since(sheet.complete.get(at)),
    endedMs: since(endedAt),
  };
}

function changePlan(
  sheet: Score,
  { header, nodes }: RolloutState,
  name: NodeName,
  at: Millis,
): readonly PlannedChange[] {
  const node = getKey(nodes, name);
  if (node === undefined) return [];
  const wave = header.waves[node.wave]?.name ?? '';
  const { phase, since } = node;
  return [{ node: name, wave, beganMs: at - sheet.began, phase, endedMs: since - sheet.began }];
}

const skippedIn = ({ nodes }: RolloutState): readonly NodeName[] =>
  [...valuesOf(nodes)]
    .filter(({ phase }) => phase === 'skipped')
    .sort((a, b) => a.ordinal - b.ordinal)
    .map(({ name }) => name);
