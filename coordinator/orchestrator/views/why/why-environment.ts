import type { AppName } from '../../../../shared/model/ids.js';
import { explainRollout } from '../../../core/rollout/explain/explain.js';
import { listed, plural } from '../../../core/rollout/explain/sentences.js';
import type { EnvironmentRecord } from '../../../ports/state-store.js';
import { timeText } from '../../locks/locks.js';
import { nextRelease } from '../../promotion/standings.js';
import { memberEntries } from '../../tending/members.js';
import { activeRollout, environmentsOf, provenTarget, statusOf } from '../../world.js';
import { comparedIn } from '../comparing.js';
import { problemsIn } from '../problems.js';
import { explained, type Found, sentence, type WhyQuestion } from './answers.js';
import { shutBy } from './closed.js';

/** Its rollout if there is one, else what keeps the next one out, else what it runs; what else is to be known beneath. */
export async function whyEnvironment(question: WhyQuestion, environment: EnvironmentRecord): Promise<Found> {
  const { world } = question;
  const found = whyMoving(question, environment) ?? (await whyStill(question, environment));
  const members = memberEntries(world, environment.app, environment.name);
  const beside = [...problemsIn(world, environment, members), ...waitingIn(question, environment)];
  return { ...found, said: { ...found.said, details: [...found.said.details, ...beside] } };
}

/** All environments of an application: the first that something holds up, the others beneath. */
export async function whyApplication(question: WhyQuestion, app: AppName): Promise<Found> {
  const all: Found[] = [];
  for (const environment of environmentsOf(question.world, app)) {
    all.push(await whyEnvironment(question, environment));
  }
  const first = all.find(({ holds }) => holds) ?? all[0];
  if (first === undefined) return whyLeaving(question, app);
  const others = all.filter((one) => one !== first).map(({ said }) => said.answer);
  return { ...first, said: { ...first.said, details: [...first.said.details, ...others] } };
}

/** It is being removed. */
function whyLeaving({ world }: WhyQuestion, app: AppName): Found {
  const nodes = [...(world.leaving.get(app) ?? [])];
  if (nodes.length === 0)
    return { said: sentence('environment', `${app} has no environment.`), holds: false };
  const answer = `${app} is being removed: it waits for ${plural(nodes.length, 'node')} to take it off (${listed(nodes)}).`;
  const hint = `See \`capstan why ${nodes[0] ?? 'NODE'}\`. What failed is tried again by \`capstan app remove ${app} --stop --reason TEXT\`; decommission a node that is gone for good.`;
  return { said: sentence('environment', answer, { hint }), holds: true };
}

function whyMoving(question: WhyQuestion, { app, name: env }: EnvironmentRecord): Found | undefined {
  const active = activeRollout(question.world, app, env);
  if (active === undefined) return undefined;
  const { id, status } = active.record.header;
  const said = explained('environment', explainRollout(active.state, question.up), question);
  const details = [...said.details, ...comparedIn(question.world, active, question)];
  return {
    said: { ...said, answer: `${app}/${env}: ${id} is ${status}: ${said.answer}`, details },
    holds: true,
  };
}

async function whyStill(question: WhyQuestion, environment: EnvironmentRecord): Promise<Found> {
  const { world, now, up } = question;
  const [shut, ...others] = shutBy(world, environment, now);
  const runs = runsSentence(question, environment);
  if (shut !== undefined) {
    const details = [...others.map(({ why }) => why), runs];
    return { said: sentence('environment', `${shut.why}.`, { ...shut, details }), holds: true };
  }
  const { app, name: env, settled, restoredFrom } = environment;
  if (restoredFrom !== undefined) {
    const answer = `${app}/${env} was restored from the backup of ${timeText(restoredFrom)}, and nothing was deployed there since: its nodes hold what they have.`;
    const hint = `Deploy what is to run there: capstan deploy ${app}@VERSION --env ${env}`;
    return { said: sentence('environment', answer, { details: [runs], hint }), holds: true };
  }
  const [last] = settled ? [] : await question.rollouts(app, env, 1);
  if (last !== undefined) {
    const { state } = await question.rolloutState(last.header.id);
    const said = explained('environment', explainRollout(state, up), question);
    const answer = `${app}/${env} stays as ${last.header.id} has left it: ${said.answer}`;
    const hint =
      said.hint === ''
        ? `Deploy what is to run there: capstan deploy ${app}@VERSION --env ${env}`
        : said.hint;
    return { said: { ...said, answer, details: [runs], since: last.endedAt ?? now, hint }, holds: true };
  }
  const hint = provenTarget(environment) === undefined ? `capstan deploy ${app}@VERSION --env ${env}` : '';
  return {
    said: sentence('environment', `Nothing holds ${app}/${env} up: ${runs}.`, { hint }),
    holds: false,
  };
}

/** `3 of 4 nodes run web 1.4.0` */
function runsSentence({ world }: WhyQuestion, environment: EnvironmentRecord): string {
  const { app, name: env, spec } = environment;
  const members = memberEntries(world, app, env);
  if (members.length === 0) return `no node matches its selector "${spec.selector.text}"`;
  const proven = provenTarget(environment);
  if (proven === undefined) return `nothing was proven there yet, on ${plural(members.length, 'node')}`;
  const having = members.filter((entry) => statusOf(entry, app)?.current?.digest === proven.release.digest);
  return `${having.length} of ${plural(members.length, 'node')} run ${app} ${proven.release.version}`;
}

/** The release that is to come in next, and what it lacks. */
function waitingIn({ world, up }: WhyQuestion, environment: EnvironmentRecord): readonly string[] {
  const next = nextRelease(world, environment, up);
  if (next === undefined) return [];
  const { app, name: env } = environment;
  const lacks = next.lacks.length === 0 ? '' : ` not yet: ${next.lacks.join('; ')}`;
  return [`${app} ${next.version} may come into ${env}${lacks}`];
}
