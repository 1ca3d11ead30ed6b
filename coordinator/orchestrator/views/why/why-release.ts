import { CapstanError } from '../../../../shared/model/errors.js';
import { isAppName, isReleaseVersion } from '../../../../shared/model/ids.js';
import type { Release } from '../../../../shared/model/release.js';
import { lackHints, lackText } from '../../../core/promotion/sentences.js';
import type { Lack } from '../../../core/promotion/types.js';
import { explainRollout } from '../../../core/rollout/explain/explain.js';
import type { WhyAnswer } from '../../../ports/inventory.js';
import type { EnvironmentRecord } from '../../../ports/state-store.js';
import { requireRelease } from '../../commands/deploy.js';
import { poisonRefusal } from '../../poison.js';
import { autoLacks } from '../../promotion/auto-deploy.js';
import { lacking, refusalText } from '../../promotion/gates.js';
import { activeRollout, buildKey, environmentsOf, envKey, provenTarget, type World } from '../../world.js';
import { explained, sentence, type WhyQuestion, wallTime } from './answers.js';
import { shutBy } from './closed.js';

/** Rollouts of an environment that are looked through for the release's own. */
const lookedAt = 50;

/** What keeps a release from going further: in the first environment of the pipeline whose proven release it is not. */
export async function whyRelease(question: WhyQuestion): Promise<WhyAnswer> {
  const { world, subject } = question;
  const release = releaseNamed(world, subject);
  const { app, version } = release;
  for (const environment of environmentsOf(world, app)) {
    const coming = whyComing(question, environment, release);
    if (coming !== undefined) return coming;
    if (provenTarget(environment)?.release.digest === release.digest) continue;
    const [first, ...others] = await whyOutside(question, environment, release);
    if (first !== undefined)
      return { ...first, details: [...first.details, ...others.map(({ answer }) => answer)] };
    const { name: env } = environment;
    const hint = `Deploy it: \`capstan deploy ${app}@${version} --env ${env}\`.`;
    return sentence('release', `Nothing keeps ${app} ${version} out of ${env}.`, { hint });
  }
  return sentence('release', `Nothing holds ${app} ${version} up: it is in every environment.`);
}

function releaseNamed(world: World, subject: string): Release {
  const at = subject.indexOf('@');
  const app = subject.slice(0, at);
  const version = subject.slice(at + 1);
  if (isAppName(app) && isReleaseVersion(version)) return requireRelease(world, app, version);
  throw new CapstanError('invalid', 'A release is named APP@VERSION, such as web@1.4.0.');
}

/** The rollout that takes an environment to it: what holds that up holds the release up. */
function whyComing(
  question: WhyQuestion,
  { app, name: env }: EnvironmentRecord,
  { digest, version }: Release,
): WhyAnswer | undefined {
  const active = activeRollout(question.world, app, env);
  const header = active?.record.header;
  if (active === undefined || header?.to.release.digest !== digest) return undefined;
  if (header.cause === 'stage' || header.cause === 'restart') return undefined;
  const said = explained('release', explainRollout(active.state, question.up), question);
  const isBack = header.lane === 'back' || header.slots?.towards === 'old';
  const where = isBack ? `is taken out of ${env} again` : `is on its way into ${env}`;
  return { ...said, answer: `${app} ${version} ${where} by ${header.id}: ${said.answer}` };
}

/** What keeps it out of an environment that it is not on its way into; what has to be dealt with first comes first. */
async function whyOutside(
  question: WhyQuestion,
  environment: EnvironmentRecord,
  release: Release,
): Promise<readonly WhyAnswer[]> {
  const { world } = question;
  const poison = poisonRefusal(world, environment, release);
  const barred =
    poison === undefined
      ? []
      : [sentence('release', poison.sentence, { since: poison.since, hint: poison.hint })];
  const shut = shutBy(world, environment, question.now).map(({ why, since, hint }) =>
    sentence('release', `${why}.`, { since, hint }),
  );
  const ended = await whyEnded(question, environment, release);
  return [
    ...barred,
    ...whyLacking(question, environment, release),
    ...shut,
    ...(ended === undefined ? [] : [ended]),
    ...whyNotByItself(question, environment, release),
  ];
}

function whyLacking(
  { world, up }: WhyQuestion,
  environment: EnvironmentRecord,
  release: Release,
): readonly WhyAnswer[] {
  const { app, version } = release;
  const { name: env, spec } = environment;
  const lacks = (spec.autoDeploy === undefined ? lacking : autoLacks)(world, environment, release, up);
  const [first, ...rest] = lacks;
  if (first === undefined) return [];
  const about = { app, env, version };
  return [
    sentence('release', `${refusalText(about, [first])}.`, {
      details: rest.map(lackText),
      since: lackingSince(world, environment, release, first),
      hint: lackHints(lacks, about),
    }),
  ];
}

/** How its last rollout there ended, if it was not well. */
async function whyEnded(
  question: WhyQuestion,
  { app, name: env }: EnvironmentRecord,
  { digest, version }: Release,
): Promise<WhyAnswer | undefined> {
  const all = await question.rollouts(app, env, lookedAt);
  const last = all.find(({ header }) => header.to.release.digest === digest && header.cause !== 'stage');
  if (last?.endedAt === undefined || last.header.status === 'succeeded') return undefined;
  const { state } = await question.rolloutState(last.header.id);
  const said = explained('release', explainRollout(state, question.up), question);
  return {
    ...said,
    answer: `${app} ${version} did not come into ${env} with ${last.header.id}: ${said.answer}`,
    since: last.endedAt,
    hint:
      said.hint === '' ? `Deploy it again: \`capstan deploy ${app}@${version} --env ${env}\`.` : said.hint,
  };
}

function whyNotByItself(
  question: WhyQuestion,
  { app, name: env }: EnvironmentRecord,
  { version }: Release,
): readonly WhyAnswer[] {
  const held = question.world.autoHeld.get(envKey(app, env));
  if (held?.version !== version) return [];
  const answer = `${app} ${version} is not deployed to ${env} by itself: ${held.reason}`;
  return [sentence('release', answer, { since: wallTime(held.since, question), hint: held.hint })];
}

/** Since when it is known to be lacking. Milliseconds since the epoch. */
function lackingSince(
  world: World,
  { name }: EnvironmentRecord,
  { app, digest, publishedAt }: Release,
  lack: Lack,
): number {
  if (lack.kind === 'failedCheck') return lack.check.at;
  if (lack.kind !== 'unapproved') return publishedAt;
  const approvals = world.builds.get(buildKey(app, digest))?.approvals ?? [];
  return approvals.reduce(
    (newest, { env, at }) => (env === name ? Math.max(newest, at) : newest),
    publishedAt,
  );
}
