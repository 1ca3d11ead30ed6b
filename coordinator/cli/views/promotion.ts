import { formatDuration } from '../../../shared/core/duration.js';
import type {
  ApprovalView,
  CheckView,
  EnvironmentView,
  NextReleaseView,
  StandingView,
} from '../../../shared/wire/operator-client.js';
import type { Paint } from '../terminal/style.js';
import { oneLine } from '../terminal/table.js';
import { optional, orNull, toNumber, toSecond } from './wire-words.js';

export const checkJson = ({ name, passed, by, at, reason }: CheckView) => ({
  name,
  passed,
  by,
  at,
  ...optional('reason', reason),
});

const approvalJson = ({ by, at, reason }: ApprovalView) => ({ by, at, ...optional('reason', reason) });

/** A release at the gate of an environment, as `release show --output json` prints it. */
export const standingJson = ({ env, lacks, approvals, promotion }: StandingView) => ({
  env,
  allowed: lacks.length === 0,
  lacks,
  approvals: approvals.map(approvalJson),
  ...(promotion === null ? {} : { promoted: approvalJson(promotion) }),
});

type StandingJson = ReturnType<typeof standingJson>;

/** One line for each environment that has a gate. */
export const standingLines = (standings: readonly StandingJson[], paint: Paint): readonly string[] =>
  standings.map(({ env, allowed, lacks, promoted }) => {
    const who = promoted === undefined ? '' : `, promoted by ${promoted.by}`;
    const how = allowed ? paint('good', 'may come in') : paint('busy', 'not yet');
    return `${oneLine(env)}: ${how}${oneLine(allowed ? who : `: ${lacks.join('; ')}`)}`;
  });

export const checkLine = ({ name, passed, by, at, reason }: ReturnType<typeof checkJson>): string =>
  `${name} ${passed ? 'passed' : 'failed'}, ${by} at ${toSecond(at)}${reason === undefined ? '' : `: ${reason}`}`;

/** What an environment asks for, and whether releases come into it by themselves. */
export const gateJson = ({ promotion, autoDeploy }: EnvironmentView) => ({
  ...(promotion === null
    ? {}
    : {
        promotion: {
          from: orNull(promotion.from),
          bakeMs: toNumber(promotion.bakeMs),
          checks: promotion.checks,
          approvals: promotion.approvals,
          ...(promotion.fourEyes ? { fourEyes: true } : {}),
        },
      }),
  ...(autoDeploy === null ? {} : { autoDeploy: { checks: autoDeploy.checks } }),
});

/** `from staging after 1h; checks smoke; 2 approvals; by itself`; '-' for an open door. */
export function gateText({ promotion, autoDeploy }: ReturnType<typeof gateJson>): string {
  const parts: string[] = [];
  if (promotion !== undefined) {
    const { from, bakeMs, checks, approvals, fourEyes } = promotion;
    if (from !== null) parts.push(`from ${from}${bakeMs === 0 ? '' : ` after ${formatDuration(bakeMs)}`}`);
    if (checks.length > 0) parts.push(`checks ${checks.join(', ')}`);
    const others = fourEyes === true ? ' by others' : '';
    if (approvals > 0) parts.push(`${approvals} approval${approvals === 1 ? '' : 's'}${others}`);
  }
  if (autoDeploy !== undefined) {
    parts.push(
      autoDeploy.checks.length === 0 ? 'by itself' : `by itself after ${autoDeploy.checks.join(', ')}`,
    );
  }
  return parts.length === 0 ? '-' : parts.join('; ');
}

export const nextJson = (next: NextReleaseView | null) =>
  next === null ? {} : { next: { version: next.version, lacks: next.lacks } };

/** What waits to come into an environment. */
export const nextText = ({
  version,
  lacks,
}: {
  readonly version: string;
  readonly lacks: readonly string[];
}) => (lacks.length === 0 ? `${version} may come in` : `${version} may not come in yet: ${lacks.join('; ')}`);
