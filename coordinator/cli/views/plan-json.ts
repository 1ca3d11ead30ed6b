import type { PlanResponse } from '../../../shared/wire/operator-client.js';
import { optional, orNull, toNumber } from './wire-words.js';

/** A plan as `--output json` prints it. */
export function planJson(plan: PlanResponse) {
  return {
    app: plan.app,
    env: plan.env,
    from: orNull(plan.from),
    to: plan.to,
    strategy: plan.strategy,
    status: plan.status,
    reason: plan.reason,
    durationMs: toNumber(plan.durationMs),
    nodes: {
      total: plan.nodes,
      capacity: plan.capacity,
      maxUnavailable: plan.maxUnavailable,
      floor: plan.floor,
    },
    waves: plan.waves.map(({ name, status, reason, nodes, ...times }) => ({
      name,
      status,
      ...optional('reason', reason),
      nodes,
      ...moment('beganMs', times.beganMs),
      ...moment('completeMs', times.completeMs),
      ...moment('endedMs', times.endedMs),
    })),
    changes: plan.changes.map(({ node, wave, beganMs, phase, endedMs }) => ({
      node,
      ...optional('wave', wave),
      phase,
      beganMs: toNumber(beganMs),
      endedMs: toNumber(endedMs),
    })),
    availability: plan.availability.map(({ atMs, serving }) => ({ atMs: toNumber(atMs), serving })),
    approvals: plan.approvals.map(({ atMs, what }) => ({ atMs: toNumber(atMs), what })),
    waits: plan.waits.map(({ atMs, untilMs, what }) => ({
      atMs: toNumber(atMs),
      ...moment('untilMs', untilMs),
      what,
    })),
    skipped: plan.skipped,
    remarks: plan.remarks,
    deployable: plan.obstacles.length === 0,
    obstacles: plan.obstacles,
    ...optional('supersedes', plan.supersedes),
    assumed: {
      fetchMs: toNumber(plan.fetchMs),
      changeMs: toNumber(plan.changeMs),
      learntFromNodes: plan.learntFrom,
    },
  };
}

export type PlanJson = ReturnType<typeof planJson>;

type Moment = 'untilMs' | 'beganMs' | 'completeMs' | 'endedMs';

/** Absent: that is never reached. */
const moment = (key: Moment, text: string | undefined): Partial<Record<Moment, number>> =>
  text === undefined ? {} : { [key]: toNumber(text) };
