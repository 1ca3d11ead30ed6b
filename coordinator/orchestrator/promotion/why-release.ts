import { CapstanError } from '../../../shared/model/errors.js';
import { isAppName, isReleaseVersion } from '../../../shared/model/ids.js';
import type { Release } from '../../../shared/model/release.js';
import { lackHint, lackText } from '../../core/promotion/sentences.js';
import type { Lack } from '../../core/promotion/types.js';
import type { WhyAnswer } from '../../ports/inventory.js';
import type { EnvironmentRecord } from '../../ports/state-store.js';
import { requireRelease } from '../commands/deploy.js';
import { activeRollout, buildKey, environmentsOf, envKey, provenTarget, type World } from '../world.js';
import { autoLacks } from './auto-deploy.js';
import { lacking, refusalText } from './gates.js';

interface Question {
  readonly world: World;
  /** `web@1.4.0` */
  readonly subject: string;
  readonly up: number;
  readonly now: number;
}

/** What keeps a release from going further: the first environment of the pipeline that it has not come into. */
export function whyRelease(question: Question): WhyAnswer {
  const { world, subject, up, now } = question;
  const release = releaseNamed(world, subject);
  const { app, version } = release;
  for (const environment of environmentsOf(world, app)) {
    const { name: env } = environment;
    if (isThere(world, environment, release)) continue;
    const lacks =
      environment.spec.autoDeploy === undefined
        ? lacking(world, environment, release, up)
        : autoLacks(world, environment, release, up);
    const [first, ...rest] = lacks;
    if (first !== undefined) {
      return {
        ...blank,
        answer: `${refusalText({ app, env, version }, [first])}.`,
        details: rest.map(lackText),
        since: sinceOf(world, environment, release, first),
        hint: lackHint(first, { app, env, version }),
      };
    }
    const held = world.autoHeld.get(envKey(app, env));
    if (held?.version === version) {
      const answer = `${app} ${version} is not deployed to ${env} by itself: ${held.reason}`;
      return { ...blank, answer, since: now - (up - held.since), hint: held.hint };
    }
    const hint = `Deploy it: \`capstan deploy ${app}@${version} --env ${env}\`.`;
    return { ...blank, answer: `Nothing keeps ${app} ${version} out of ${env}.`, hint };
  }
  return { ...blank, answer: `Nothing holds ${app} ${version} up: it is in every environment.` };
}

const blank = { kind: 'release', details: [], since: undefined, hint: '', logTail: '' } as const;

function releaseNamed(world: World, subject: string): Release {
  const at = subject.indexOf('@');
  const app = subject.slice(0, at);
  const version = subject.slice(at + 1);
  if (isAppName(app) && isReleaseVersion(version)) return requireRelease(world, app, version);
  throw new CapstanError('invalid', 'A release is named APP@VERSION, such as web@1.4.0.');
}

/** It is the proven release, or on its way to be. */
function isThere(world: World, environment: EnvironmentRecord, { digest }: Release): boolean {
  const { app, name } = environment;
  const coming = activeRollout(world, app, name)?.record.header.to;
  return [provenTarget(environment), coming].some((target) => target?.release.digest === digest);
}

/** Since when it is known to be lacking. Milliseconds since the epoch. */
function sinceOf(
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
