import type { PlanNode, PlanRequest } from '../../../coordinator/core/rollout/types/plan.js';
import type { ParallelRule, Strategy } from '../../../shared/model/application.js';
import { Drive, planNode } from './harness.js';

const rule: ParallelRule = {
  label: 'slot',
  switch: 'manual',
  overlapMs: 5_000,
  releaseAfterMs: undefined,
};
export const slots = { label: 'slot', fresh: 'green', old: 'blue' } as const;

/** `b…` are blue and take the requests, `g…` are green and take none. */
export const node = (name: string, change: Partial<PlanNode> = {}): PlanNode =>
  planNode(name, {
    labels: { slot: name.startsWith('b') ? 'blue' : 'green' },
    ...(name.startsWith('g') ? { standby: true } : {}),
    ...change,
  });

export const pair = ['b1', 'b2', 'g1', 'g2'];

export function blueGreen(
  names: readonly string[] = pair,
  strategy: Partial<Strategy> = {},
  change: Partial<PlanRequest> = {},
): Drive {
  const nodes = names.map((name) => node(name));
  return new Drive(nodes, { type: 'parallel', parallel: rule, ...strategy }, { slots, nodes, ...change });
}

export const auto = { parallel: { ...rule, switch: 'auto' } } as const;

/** Green has the release, and the requests. */
export function kept(strategy: Partial<Strategy> = {}): Drive {
  const drive = blueGreen(pair, { ...auto, ...strategy });
  drive.healthy('g1', 'g2');
  drive.healthy('g1', 'g2');
  drive.tick(5_000);
  drive.log = [];
  return drive;
}

export const step = (drive: Drive): string =>
  `${drive.state.header.slots?.towards} ${drive.state.header.slots?.step}`;
export const events = (drive: Drive): string[] =>
  drive.log.flatMap((effect) => (effect.kind === 'record' ? [effect.event] : []));
