import type { EnvironmentSpec, PromotionRule, Strategy } from '../../../shared/model/application.js';
import type { NodeName } from '../../../shared/model/ids.js';
import type { Maintenance } from '../../../shared/model/maintenance.js';
import { parseSelector } from '../../../shared/spec/selector.js';
import { plainStrategy } from '../fixtures.js';
import { checkName, env, type Pipeline, staging } from './releases.js';

/** What a node is for, by its label: production, or staging. */
export type Role = 'web' | 'test';

/** All that can be applied at once: what stands before production, and production in one of its forms. */
export interface Environments {
  readonly before: readonly EnvironmentSpec[];
  readonly forms: readonly EnvironmentSpec[];
  /** The first form without windows. */
  readonly open: EnvironmentSpec;
}

export interface EnvironmentOptions {
  readonly strategies: readonly Strategy[];
  readonly join: EnvironmentSpec['join'];
  readonly byItself?: boolean;
  readonly windows?: readonly (number | undefined)[] | undefined;
  readonly pipeline?: Pipeline | undefined;
}

/** A strategy for few nodes, with short clocks. */
export const atOnce: Strategy = {
  ...plainStrategy,
  type: 'live',
  maxUnavailable: { kind: 'percent', percent: 100 },
  health: { minHealthyTimeMs: 0, deadlineMs: 4000 },
  budget: { failed: { kind: 'count', count: 0 }, lost: { kind: 'count', count: 0 } },
  progressDeadlineMs: 15_000,
  onFailure: 'pause',
};

export function environmentsOf(options: EnvironmentOptions): Environments {
  const { strategies, join, byItself, windows = [], pipeline } = options;
  const gate = pipeline === undefined ? {} : { promotion: ruleOf(pipeline) };
  const formOf = (strategy: Strategy, openMs: number | undefined): EnvironmentSpec => ({
    ...{ name: env, selector: parseSelector('role=web'), config: {}, strategy, join, ...gate },
    ...(byItself === true ? { autoDeploy: { checks: [checkName] } } : {}),
    ...(openMs === undefined ? {} : { maintenance: eachMinute(openMs) }),
  });
  return {
    before: pipeline === undefined ? [] : [stagingSpec],
    forms: strategies.map((strategy, at) => formOf(strategy, windows[at])),
    open: formOf(strategies[0] ?? atOnce, undefined),
  };
}

/** Goes on by itself to all that is published. */
const stagingSpec: EnvironmentSpec = {
  ...{ name: staging, selector: parseSelector('role=test'), config: {}, join: 'stable' },
  strategy: { ...atOnce, onFailure: 'rollback' },
  autoDeploy: { checks: [] },
};

const ruleOf = ({ bakeMs, checks, approvals }: Pipeline): PromotionRule => ({
  ...{ from: staging, bakeMs, approvals },
  checks: checks ? [checkName] : [],
});

/** The life of a site begins at midnight UTC, on a Thursday, and is over long before so many minutes are. */
const minutes = 30;

const eachMinute = (openMs: number): Maintenance => ({
  timeZone: 'UTC',
  windows: Array.from({ length: minutes }, (_, fromMinutes) => ({
    ...{ days: ['thu'], fromMinutes, forMs: openMs },
  })),
});

/** Whether such a window is open, in other words than those of Capstan. @param now milliseconds since the epoch */
export const isOpen = (openMs: number | undefined, now: number): boolean =>
  openMs === undefined || now % 60_000 < openMs;

export const environmentFor = (node: NodeName): typeof env => (node.startsWith('t') ? staging : env);
