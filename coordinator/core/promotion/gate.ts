import type { PromotionRule } from '../../../shared/model/application.js';
import type { EnvName } from '../../../shared/model/ids.js';
import type { BuildRecord, Lack } from './types.js';

/** A build at the gate of an environment. */
export interface AtGate {
  readonly env: EnvName;
  readonly rule: PromotionRule | undefined;
  readonly build: BuildRecord | undefined;
  /** Everybody who published it, under whatever version. */
  readonly publishers: readonly string[];
  /** It was proven in this environment before: whatever the rule is by now, it may come back. */
  readonly wasHere: boolean;
  /** What became of it in the environment that the rule names. */
  readonly before: { readonly proven: boolean; readonly bakedMs: number; readonly goesOn: boolean };
}

/**
 * What keeps a build out of an environment; nothing if it may come in. One that was promoted stays so until a check that the
 * rule asks for is recorded as failed.
 */
export function lacksOf(gate: AtGate): readonly Lack[] {
  const { rule, build, wasHere, env } = gate;
  if (rule === undefined) return [];
  const checks = lackingChecks(rule.checks, build);
  const isIn = wasHere || build?.promotions.some((promotion) => promotion.env === env) === true;
  if (isIn) return checks.filter(({ kind }) => kind === 'failedCheck');
  return [...lackingProof(rule, gate.before), ...checks, ...lackingApprovals(rule, gate)];
}

/** Those of the named checks that have not passed. */
export function lackingChecks(names: readonly string[], build: BuildRecord | undefined): readonly Lack[] {
  return names.flatMap((name): readonly Lack[] => {
    const check = build?.checks.find((record) => record.name === name);
    if (check === undefined) return [{ kind: 'unchecked', check: name }];
    return check.passed ? [] : [{ kind: 'failedCheck', check }];
  });
}

function lackingProof(
  { from, bakeMs }: PromotionRule,
  { proven, bakedMs, goesOn }: AtGate['before'],
): readonly Lack[] {
  if (from === undefined) return [];
  if (!proven) return [{ kind: 'unproven', from }];
  return bakedMs >= bakeMs ? [] : [{ kind: 'unbaked', from, bakeMs, doneMs: bakedMs, goesOn }];
}

function lackingApprovals(
  { approvals: needed, fourEyes }: PromotionRule,
  { env, build, publishers }: AtGate,
): readonly Lack[] {
  const of = build?.approvals.filter((approval) => approval.env === env) ?? [];
  const all = [...new Set(of.map((approval) => approval.by))];
  const own = fourEyes === true ? publishers : [];
  const by = all.filter((name) => !own.includes(name));
  return by.length >= needed ? [] : [{ kind: 'unapproved', needed, by, own }];
}
