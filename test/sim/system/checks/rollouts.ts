import type { RolloutHeader } from '../../../../coordinator/core/rollout/types/rollout.js';
import type { AssignmentRecord } from '../../../../coordinator/ports/state-store.js';
import type { Amount } from '../../../../shared/model/application.js';
import { type Commit, keys, type Tables } from '../memory-store.js';
import { env as production, staging as stagingEnv } from '../releases.js';
import { activeIn, type Check, environmentIn, freshIn, headerOf, rowOf, rowsOf } from './check.js';

const perCommit =
  (name: string, wrong: (commit: Commit) => string | undefined): (() => Check) =>
  () => ({
    name,
    committed: (_site, commit) => wrong(commit),
  });

/** New activations of the release that a rollout brings. */
const forwardIn = (
  commit: Commit,
): readonly { readonly node: string; readonly header: RolloutHeader; readonly wave: number }[] =>
  freshIn(commit).flatMap(({ node, rollout, intent, digest }) => {
    const header = headerOf(commit.after, rollout);
    const row = rollout === undefined ? undefined : rowOf(commit.after, rollout, node);
    if (intent !== 'activate' || header === undefined || row?.target !== 'to') return [];
    if (header.to.release.digest !== digest || header.from?.release.digest === digest) return [];
    return [{ node, header, wave: row.wave }];
  });

const waves = perCommit('2 no wave starts before those before it have passed', (commit) => {
  for (const { node, header, wave } of forwardIn(commit)) {
    const open = header.waves.findIndex(({ status }, at) => at < wave && status !== 'passed');
    if (open >= 0) return `${node} of wave ${wave} was activated while wave ${open} has not passed`;
    if (header.staging) return `${node} was activated while the release is being staged`;
  }
  return undefined;
});

const budgetOf = (amount: Amount, base: number): number =>
  amount.kind === 'count' ? amount.count : Math.floor((base * amount.percent) / 100);

const isFailed = (phase: string): boolean => ['failed', 'turnedBack', 'inconsistent'].includes(phase);

const budgets = perCommit('3 past a budget nothing is assigned', (commit) => {
  const { before, after } = commit;
  for (const { node, header } of forwardIn(commit)) {
    const { id, currentWave, strategy } = header;
    const members = rowsOf(after, id).filter(({ wave }) => wave === currentWave);
    // Those that were so before this commit as well: another one may have failed after the assignment.
    const count = (is: (phase: string) => boolean): number =>
      members.filter(({ phase, name }) => is(phase) && is(rowOf(before, id, name)?.phase ?? '')).length;
    const failed = count(isFailed);
    const most =
      header.waves[currentWave]?.canary === true ? 0 : budgetOf(strategy.budget.failed, members.length);
    if (failed > most) return `${node} was activated though ${failed} of ${members.length} have failed`;
    const lost = count((phase) => phase === 'lost');
    if (lost > budgetOf(strategy.budget.lost, members.length))
      return `${node} was activated though ${lost} of ${members.length} are lost`;
  }
  return undefined;
});

/** How late a deadline may be judged: a tick is due all the time, but the coordinator may have been stopped. */
const lateMs = 6000;

const deadlines = perCommit('3 deadlines are judged', ({ after }) => {
  for (const header of activeIn(after)) {
    if (header.frozenSince !== undefined) continue;
    const time = after.meta.upTimeMs - header.frozenMs - lateMs;
    if ((header.progressDue ?? Infinity) < time) return `${header.id} is past its progress deadline`;
    const late = rowsOf(after, header.id).find(
      ({ open, lease, phase }) => open && phase !== 'lost' && (lease ?? 0) < time,
    );
    if (late !== undefined) return `${late.name} holds its slot without a lease`;
  }
  return undefined;
});

const onlyOne = perCommit('4 one rollout at a time, and never on to a third release', ({ after }) => {
  for (const env of [stagingEnv, production]) {
    const wrong = notOnlyOne(
      after,
      activeIn(after).filter((header) => header.env === env),
    );
    if (wrong !== undefined) return wrong;
  }
  return undefined;
});

function notOnlyOne(after: Tables, active: readonly RolloutHeader[]): string | undefined {
  if (active.length > 1) return `${active.map(({ id }) => id).join(' and ')} are under way`;
  const [header] = active;
  if (header?.from === undefined || header.cause === 'stage' || header.pastReturn !== undefined)
    return undefined;
  const wanted = [header.from, header.to].map(({ release }) => release.digest);
  // All get there in their turn; or one of two groups keeps what it has.
  if (wanted[0] === wanted[1] || header.slots !== undefined) return undefined;
  for (const row of rowsOf(after, header.id)) {
    const given = after.assignments.get(keys.assignment({ node: row.name, app: header.app }));
    if (given?.state !== 'open' || given.intent !== 'activate' || given.env !== header.env) continue;
    if (!wanted.includes(given.digest)) return `${row.name} is on its way to a third release`;
  }
  return undefined;
}

const frozenPlan = perCommit('5 the plan is frozen', ({ before, changes }) => {
  for (const { header } of changes.rollouts ?? []) {
    const was = headerOf(before, header.id);
    if (was === undefined) continue;
    if (JSON.stringify(was.strategy) !== JSON.stringify(header.strategy))
      return `${header.id} has another strategy`;
    if (was.waves.length !== header.waves.length) return `${header.id} has other waves`;
  }
  for (const { rollout, node } of changes.rolloutNodes ?? []) {
    const was = rowOf(before, rollout, node.name);
    if (was === undefined && headerOf(before, rollout) !== undefined && node.wave !== -1)
      return `${node.name} slipped into a wave`;
    if (was !== undefined && (was.wave !== node.wave || was.ordinal !== node.ordinal))
      return `${node.name} changed its wave`;
  }
  return undefined;
});

const finality = perCommit('6 what has ended stays as it is', (commit) => {
  const { before, changes } = commit;
  for (const { header, endedAt } of changes.rollouts ?? []) {
    const was = before.rollouts.get(header.id);
    if (was?.endedAt !== undefined && (endedAt !== was.endedAt || header.status !== was.header.status))
      return `${header.id} had ended as ${was.header.status} and is ${header.status}`;
  }
  for (const { rollout, node } of freshIn(commit)) {
    if (rollout !== undefined && before.rollouts.get(rollout)?.endedAt !== undefined)
      return `${node} was given something by ${rollout}, which had ended`;
    const after = headerOf(commit.after, rollout);
    const held = headerOf(before, rollout)?.hold;
    // A switch between two groups that has begun comes to its end in a pause as well.
    if (held !== undefined && after?.hold?.since === held.since && after.slots === undefined)
      return `${node} was given something by ${String(rollout)}, which is paused`;
  }
  return undefined;
});

const locks = perCommit('who is locked out starts nothing, and in a freeze nothing is begun', (commit) => {
  const { before, after, changes } = commit;
  for (const { kind, time, actor, env } of changes.events ?? []) {
    // Nobody locks staging.
    if (env !== production || (kind !== 'deploy.requested' && kind !== 'restart.requested')) continue;
    const lock = [...before.locks.values()].find(
      ({ until, owner }) => (until ?? Infinity) > time && owner !== actor,
    );
    const still = lock !== undefined && [...after.locks.values()].some(({ since }) => since === lock.since);
    if (still) return `${actor} did what ${lock.owner} has locked: ${kind}`;
  }
  for (const { node, rollout, intent } of freshIn(commit)) {
    const was = headerOf(before, rollout)?.closed;
    const is = headerOf(after, rollout);
    if (
      intent === 'activate' &&
      was?.kind === 'freeze' &&
      is?.closed?.since === was.since &&
      is.slots === undefined
    )
      return `${node} was activated while ${was.waitsFor}`;
  }
  return undefined;
});

const rollback = perCommit('7 a rollback goes back only, and starts no other', (commit) => {
  const { before, changes } = commit;
  for (const { header } of changes.rollouts ?? []) {
    if (headerOf(before, header.id)?.lane === 'back' && header.lane !== 'back')
      return `${header.id} turned round again`;
    if (header.lane === 'back' && header.cause === 'rollback') return `${header.id} rolls a rollback back`;
    if (header.lane === 'back' && header.pastReturn !== undefined && header.status === 'rollingBack')
      return `${header.id} goes back past a database step`;
  }
  const wrong = forwardIn(commit).find(({ header }) => headerOf(before, header.id)?.lane === 'back');
  return wrong === undefined ? undefined : `${wrong.node} was given what ${wrong.header.id} takes back`;
});

const staging = perCommit('12 what only stages activates nothing', (commit) => {
  const wrong = forwardIn(commit).find(({ header }) => header.cause === 'stage');
  return wrong === undefined ? undefined : `${wrong.node} was to run what is only to be staged`;
});

const databaseOnce = perCommit('13 a database step that is done is not run again', (commit) => {
  const isDone = (tables: Tables, { env, digest }: AssignmentRecord): boolean =>
    environmentIn(tables, env)?.migrated?.includes(digest) === true;
  const again = freshIn(commit).find(
    (given) => given.database === true && isDone(commit.before, given) && isDone(commit.after, given),
  );
  return again === undefined ? undefined : `${again.node} was to run a database step that is done`;
});

export const rolloutChecks = [
  waves,
  budgets,
  deadlines,
  onlyOne,
  frozenPlan,
  finality,
  locks,
  rollback,
  staging,
  databaseOnce,
];
