import type { AppName, NodeName } from '../../../../shared/model/ids.js';
import { labelOf } from '../../../../shared/model/labels.js';
import type { AppStatus } from '../../../../shared/model/node-status.js';
import { getKey } from '../../../core/collections/hash-map.js';
import { nodeLivenessOf } from '../../../core/liveness.js';
import { awaitingFacts, membershipOf } from '../../../core/membership.js';
import { explainNode } from '../../../core/rollout/explain/explain.js';
import { byHandHint, signatureHint } from '../../../core/rollout/explain/hints.js';
import type { Held } from '../../../core/steward.js';
import type { WhyAnswer } from '../../../ports/inventory.js';
import type { AssignmentRecord, EnvironmentRecord } from '../../../ports/state-store.js';
import { straysIn } from '../../slots.js';
import { memberEntries } from '../../tending/members.js';
import { attributedOf, envKey, type NodeEntry, provenTarget, statusOf, type World } from '../../world.js';
import {
  aheadSentence,
  driftSentence,
  inconsistentSentence,
  noteBeside,
  pastReturnSentence,
} from '../problems.js';
import { explained, type Found, sentence, type WhyQuestion, wallTime } from './answers.js';
import { shutBy } from './closed.js';
import { leftOpen, whyOpen } from './why-open.js';

interface OfApp extends Found {
  readonly app: AppName;
}

/** The first thing that holds it up, of whichever application; what holds the others up is said beneath. */
export async function whyNode(question: WhyQuestion, entry: NodeEntry): Promise<WhyAnswer> {
  return withTrouble(question.world, entry, await constraintOn(question, entry));
}

/** What is under way comes before what keeps something from it, and that before what has ended; the newest end first. */
async function constraintOn(question: WhyQuestion, entry: NodeEntry): Promise<WhyAnswer> {
  const { world } = question;
  const { name } = entry.record;
  const away = whyAway(question, entry);
  if (away !== undefined) return away;
  const moving = whyMoving(question, name);
  const ended: OfApp[] = [];
  const open: OfApp[] = [];
  for (const given of world.assignments.get(name)?.values() ?? []) {
    if (moving.some(({ app }) => app === given.app)) continue;
    const underWay = whyOpen(question, entry, given);
    if (underWay !== undefined) open.push({ app: given.app, said: underWay, holds: true });
    const found = underWay === undefined ? await whyEnded(question, entry, given) : undefined;
    if (found !== undefined) ended.push(found);
  }
  ended.sort((a, b) => (b.said.since ?? 0) - (a.said.since ?? 0));
  const found = [...moving, ...open, ...whyHolding(question, entry), ...ended];
  const [first, ...others] = found.filter(({ holds }) => holds);
  if (first !== undefined) {
    const more = others.map(({ app, said }) => `${app}: ${said.answer}`);
    return { ...first.said, details: [...first.said.details, ...more] };
  }
  return found[0]?.said ?? whyNothing(question, entry);
}

/** Of each application: the rollout under way that it has part in. */
function whyMoving(question: WhyQuestion, name: NodeName): readonly OfApp[] {
  return [...question.world.rollouts.values()].flatMap(({ record, state }) => {
    const said = explainNode(state, name, question.up);
    if (said === undefined) return [];
    return [{ app: record.header.app, said: explained('node', said, question), holds: said.holds }];
  });
}

/** How the last rollout of an application ended there, if it failed, or what the node says of itself. */
async function whyEnded(
  question: WhyQuestion,
  { record }: NodeEntry,
  given: AssignmentRecord,
): Promise<OfApp | undefined> {
  const { name } = record;
  const { app, rollout } = given;
  const past =
    rollout === undefined ? undefined : await question.rolloutState(rollout).catch(() => undefined);
  const failed = past !== undefined && getKey(past.state.nodes, name)?.failure !== undefined;
  const ended = failed ? explainNode(past.state, name, question.up) : undefined;
  if (ended !== undefined) return { app, said: explained('node', ended, question), holds: true };
  const status = record.status?.apps.find((known) => known.app === app);
  const said = status && whyStatus(name, status, given);
  return said && { app, said, holds: true };
}

function whyStatus(name: NodeName, status: AppStatus, given: AssignmentRecord): WhyAnswer | undefined {
  const { app, failure, note } = status;
  const inconsistent = inconsistentSentence(name, status);
  if (inconsistent !== undefined)
    return sentence('node', inconsistent, {
      logTail: failure?.logTail ?? '',
      hint: byHandHint(name, false),
    });
  if (given.state === 'failed' && failure !== undefined)
    return sentence(
      'node',
      `${app} failed on ${name} at ${failure.step}: ${failure.reason}${noteBeside(status)}`,
      { logTail: failure.logTail, hint: retryHint(given, failure.reason) },
    );
  return note === '' ? undefined : sentence('node', `${app} on ${name}: ${note}`);
}

function retryHint({ app, env, version, intent }: AssignmentRecord, reason: string): string {
  if (intent === 'remove')
    return `mend what failed there, then try again: capstan app remove ${app} --stop --reason TEXT`;
  const again = `deploy it again: capstan deploy ${app}@${version} --env ${env}`;
  return signatureHint(reason, `${app}@${version}`, again) ?? `mend what failed there, then ${again}`;
}

/** What the environments, or that there are none or too many, keep from it (teleport#66634, #56638: it holds what it has). */
function whyHolding(question: WhyQuestion, entry: NodeEntry): readonly OfApp[] {
  const { record } = entry;
  const { name } = record;
  const { world } = question;
  return [...world.applications.values()].flatMap(({ spec }): readonly OfApp[] => {
    const { name: app } = spec;
    const holding = (
      why: string,
      more: { readonly hint?: string; readonly since?: number | undefined } = {},
    ) => [{ app, said: sentence('node', `${name} holds what it has of ${app}: ${why}`, more), holds: true }];
    const membership = membershipOf(spec, attributedOf(record));
    if (membership.kind === 'overlap') {
      const names = membership.environments.map((environment) => environment.name).join(' and ');
      return holding(`the environments ${names} both select it.`, {
        hint: 'Change its labels, or the selectors, so that one of them does.',
      });
    }
    const [awaiting] = awaitingFacts(spec, attributedOf(record));
    if (membership.kind === 'none' && awaiting !== undefined) {
      return holding(`${awaiting} selects by facts, and it has not told its own yet.`, {
        hint: 'An agent tells them some seconds after its start; its log says if it cannot.',
      });
    }
    if (membership.kind === 'none') {
      const given = world.assignments.get(name)?.get(app);
      if (given === undefined || given.intent === 'remove') return [];
      return holding('no environment selects it any more.', { hint: labelsHint });
    }
    const key = envKey(app, membership.environment.name);
    const environment = world.environments.get(key);
    const held = world.rosters.get(key)?.heldOf(name);
    const since = wallTime(held?.since, question);
    const status = statusOf(entry, app);
    const ahead = status && aheadSentence(world, name, status);
    if (ahead !== undefined) {
      const hint = `What the next deploy brings is what it goes to: capstan deploy ${app}@VERSION --env ${membership.environment.name}`;
      return holding(`${ahead}.`, { since, hint });
    }
    const astray = environment && astrayIn(world, environment, name);
    if (astray !== undefined) return holding(astray.why, { since, hint: astray.hint });
    // While a rollout is under way nobody looks at who is held outside of it.
    if (environment !== undefined && held !== undefined && !world.activeByEnv.has(key))
      return holding(held.why, { since, hint: heldHint(question, environment, held) });
    const idle = environment && idleSentence(environment, entry);
    return idle === undefined ? [] : [{ app, said: sentence('node', idle), holds: false }];
  });
}

function heldHint({ world, now }: WhyQuestion, environment: EnvironmentRecord, { goesOn }: Held): string {
  if (goesOn) return '';
  const [shut] = shutBy(world, environment, now);
  const { app, name: env } = environment;
  return shut?.hint ?? `Deploy what is to run there: capstan deploy ${app}@VERSION --env ${env}`;
}

/** It is in neither group of a blue/green pair. */
function astrayIn(
  world: World,
  environment: EnvironmentRecord,
  name: NodeName,
): { readonly why: string; readonly hint: string } | undefined {
  const { app, name: env, spec } = environment;
  if (spec.strategy.parallel === undefined) return undefined;
  const members = memberEntries(world, app, env).map(({ record }) => record);
  const why = straysIn(environment, members).get(name);
  const hint = `Put it into a group: capstan node label ${name} ${spec.strategy.parallel.label}=GROUP`;
  return why === undefined ? undefined : { why, hint };
}

/** Outside of a rollout: the group of a blue/green pair that takes no requests. */
function idleSentence({ app, spec, activeSlot }: EnvironmentRecord, entry: NodeEntry): string | undefined {
  const label = spec.strategy.parallel?.label;
  const own = label === undefined ? undefined : labelOf(entry.record.labels, label);
  if (label === undefined || own === undefined || activeSlot === undefined || own === activeSlot)
    return undefined;
  const current = statusOf(entry, app)?.current;
  const runs =
    current === undefined ? `it has no release of ${app} yet` : `it runs ${app} ${current.version}`;
  return `Nothing holds ${entry.record.name} up: its group ${label}=${own} is idle (${label}=${activeSlot} takes the requests); ${runs}, and the next release comes to it first.`;
}

const labelsHint =
  'Check its labels against the selectors of the environments: `capstan node show`, `capstan app show`.';

function whyNothing({ world }: WhyQuestion, { record }: NodeEntry): WhyAnswer {
  const { name } = record;
  if ((world.assignments.get(name)?.size ?? 0) > 0)
    return sentence('node', `Nothing holds ${name} up: it runs what it was told to.`);
  const places = [...world.environments.values()].filter((environment) => {
    const spec = world.applications.get(environment.app)?.spec;
    const membership = spec && membershipOf(spec, attributedOf(record));
    return membership?.kind === 'member' && membership.environment.name === environment.name;
  });
  const [first] = places;
  if (first === undefined)
    return sentence(
      'node',
      `Nothing holds ${name} up: no environment selects it, so that no release was ever assigned to it.`,
      { hint: labelsHint },
    );
  const names = places.map(({ app, name: env }) => `${app}/${env}`).join(', ');
  const isNew = places.every((environment) => provenTarget(environment) === undefined);
  const so = isNew ? 'where nothing was deployed yet' : 'and was assigned nothing yet';
  return sentence('node', `Nothing holds ${name} up: it belongs to ${names}, ${so}.`, {
    hint: isNew ? `Deploy a release: capstan deploy ${first.app}@VERSION --env ${first.name}` : '',
  });
}

/** What is to be known of the node whatever holds it up: points of no return, and files that were changed by hand. */
function withTrouble(world: World, { record: { name, status } }: NodeEntry, found: WhyAnswer): WhyAnswer {
  const given = world.assignments.get(name);
  const details: string[] = [];
  let drifted = false;
  for (const app of status?.apps ?? []) {
    const version = given?.get(app.app)?.version;
    const said = [pastReturnSentence(name, app, version), driftSentence(name, app)];
    details.push(...said.filter((one) => one !== undefined));
    for (const { path, kind } of app.drift?.paths ?? []) details.push(`  ${kind}: ${path}`);
    drifted ||= app.drift !== undefined;
  }
  const hint =
    found.hint === '' && drifted
      ? 'Find out who changed them. Capstan leaves them as they are: put them back on the node, or deploy a release that has the change.'
      : found.hint;
  return { ...found, details: [...found.details, ...details], hint };
}

function whyAway(question: WhyQuestion, entry: NodeEntry): WhyAnswer | undefined {
  const { world } = question;
  const { name } = entry.record;
  const known = nodeLivenessOf(world.liveness, name);
  if (known === undefined || known.liveness === 'connected') return undefined;
  const lost = known.liveness === 'lost';
  return sentence('node', `${name} is ${known.liveness}: its agent holds no poll.`, {
    hint: 'Look at the agent on that server: is it running, and can it reach the coordinator?',
    details: [
      ...(lost ? ['A lost node counts against the loss budget of a rollout and holds no slot.'] : []),
      ...leftOpen(question, entry),
    ],
    since: wallTime(known.since, question),
  });
}
