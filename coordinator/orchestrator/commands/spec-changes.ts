import { exactDuration } from '../../../shared/core/duration.js';
import type {
  Amount,
  EnvironmentSpec,
  Origin,
  ParallelRule,
  PromotionRule,
  WaveMembers,
  WaveSpec,
} from '../../../shared/model/application.js';
import { type MaintenanceWindow, weekDays } from '../../../shared/model/maintenance.js';

/** What differs between two versions of an environment, in the words of the file: `strategy.maxUnavailable: 1 → 20%`. */
export function specChanges(before: EnvironmentSpec, after: EnvironmentSpec): string[] {
  const old = linesOf(before, after);
  const fresh = linesOf(after, before);
  const keys = [...new Set([...old.keys(), ...fresh.keys()])];
  return keys
    .filter((key) => old.get(key) !== fresh.get(key))
    .map((key) => `${key}: ${old.get(key) ?? 'not set'} → ${fresh.get(key) ?? 'not set'}`);
}

/** One line for each field that is set; a wave's own fields only if the other version has the wave too. */
function linesOf(
  { selector, config, strategy, join, stores = [], promotion, autoDeploy, maintenance }: EnvironmentSpec,
  other: EnvironmentSpec,
): ReadonlyMap<string, string> {
  const alsoThere = new Set(other.strategy.waves.map(({ name }) => name));
  const { type, maxUnavailable, stageRequire, waves, health, budget, progressDeadlineMs, onFailure } =
    strategy;
  const lines: (readonly [string, string | undefined])[] = [
    ['selector', selector.text],
    ...Object.entries(config).map(([key, value]) => [`config.${key}`, JSON.stringify(value)] as const),
    ['strategy.type', type],
    ['strategy.maxUnavailable', amountText(maxUnavailable)],
    ['strategy.stage.require', stageRequire === undefined ? undefined : amountText(stageRequire)],
    ['strategy.waves', waves.map(({ name }) => name).join(', ')],
    ...waves.filter(({ name }) => alsoThere.has(name)).flatMap(waveLines),
    ['strategy.health.minHealthyTime', exactDuration(health.minHealthyTimeMs)],
    ['strategy.health.deadline', exactDuration(health.deadlineMs)],
    ['strategy.budget.failed', amountText(budget.failed)],
    ['strategy.budget.lost', amountText(budget.lost)],
    ['strategy.progressDeadline', exactDuration(progressDeadlineMs)],
    ['strategy.onFailure', onFailure],
    ...parallelLines(strategy.parallel),
    ['join', join],
    ['maintenance.timeZone', maintenance?.timeZone],
    ['maintenance.windows', maintenance?.windows.map(windowText).join(', ')],
    ['stores', stores.length === 0 ? undefined : stores.map(originText).join(', ')],
    ['promotion', promotion === undefined ? undefined : ruleText(promotion)],
    ['autoDeploy', autoDeploy === undefined ? undefined : autoText(autoDeploy.checks)],
  ];
  return new Map(lines.flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const])));
}

function parallelLines(rule: ParallelRule | undefined): (readonly [string, string | undefined])[] {
  if (rule === undefined) return [];
  const { label, overlapMs, releaseAfterMs } = rule;
  return [
    ['strategy.parallel.label', label],
    ['strategy.parallel.switch', rule.switch],
    ['strategy.parallel.overlap', exactDuration(overlapMs)],
    [
      'strategy.parallel.releaseAfter',
      releaseAfterMs === undefined ? undefined : exactDuration(releaseAfterMs),
    ],
  ];
}

function waveLines({
  name,
  within,
  members,
  batch,
  bakeMs,
  gate,
}: WaveSpec): (readonly [string, string | undefined])[] {
  const wave = `strategy.waves.${name}`;
  return [
    [`${wave}.selector`, within?.text],
    [`${wave}.nodes`, membersText(members)],
    [`${wave}.batch`, batch === undefined ? undefined : amountText(batch)],
    [`${wave}.bake`, exactDuration(bakeMs)],
    [`${wave}.gate`, gate],
  ];
}

function membersText(members: WaveMembers): string {
  switch (members.kind) {
    case 'canary':
      return `${members.each} of each ${members.by.join(' and ')}`;
    case 'canaryTotal':
      return `${amountText(members.amount)} over each ${members.by.join(' and ')}`;
    case 'amount':
      return amountText(members.amount);
    case 'by':
      return `by ${members.by.join(' and ')}`;
    case 'rest':
      return 'the rest';
  }
}

function windowText({ days, fromMinutes, forMs }: MaintenanceWindow): string {
  const two = (count: number): string => String(count).padStart(2, '0');
  const from = `${two(Math.floor(fromMinutes / 60))}:${two(fromMinutes % 60)}`;
  const on = days.length === weekDays.length ? 'every day' : days.join(' ');
  return `${on} ${from} for ${exactDuration(forMs)}`;
}

const originText = ({ url, zone }: Origin): string => (zone === undefined ? url : `${url} (zone ${zone})`);

function ruleText({ from, bakeMs, checks, approvals, fourEyes }: PromotionRule): string {
  const parts = [
    ...(from === undefined ? [] : [`from ${from}${bakeMs === 0 ? '' : ` after ${exactDuration(bakeMs)}`}`]),
    ...(checks.length === 0 ? [] : [`checks ${checks.join(', ')}`]),
    ...(approvals === 0 ? [] : [`approvals ${approvals}`]),
    ...(fourEyes === true ? ['four eyes'] : []),
  ];
  return parts.join('; ');
}

const autoText = (checks: readonly string[]): string =>
  checks.length === 0 ? 'on' : `on, checks ${checks.join(', ')}`;

const amountText = (amount: Amount): string =>
  amount.kind === 'count' ? String(amount.count) : `${amount.percent}%`;
