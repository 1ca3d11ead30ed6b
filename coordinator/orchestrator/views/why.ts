import { CapstanError } from '../../../shared/model/errors.js';
import { isNodeName, isRolloutId, type NodeName, type RolloutId } from '../../../shared/model/ids.js';
import type { AppStatus } from '../../../shared/model/node-status.js';
import { getKey } from '../../core/collections/hash-map.js';
import { nodeLivenessOf } from '../../core/liveness.js';
import { awaitingFacts, membershipOf } from '../../core/membership.js';
import { byHandHint, explainNode, explainRollout } from '../../core/rollout/explain/explain.js';
import type { Explanation, RolloutState } from '../../core/rollout/types.js';
import type { WhyAnswer } from '../../ports/inventory.js';
import type { AssignmentRecord, RolloutRecord } from '../../ports/state-store.js';
import { whyRelease } from '../promotion/why-release.js';
import { activeRollout, attributedOf, envKey, type NodeEntry, type World } from '../world.js';
import { comparedIn } from './comparing.js';
import { driftSentence, inconsistentSentence, noteBeside, pastReturnSentence } from './problems.js';

export interface WhyQuestion {
  readonly world: World;
  /** A node's name, a rollout's id or a release: `web@1.4.0`. */
  readonly subject: string;
  readonly up: number;
  readonly now: number;
  readonly rolloutState: (id: RolloutId) => Promise<{ record: RolloutRecord; state: RolloutState }>;
}

/** Names the constraint that holds a node, a rollout or a release up. */
export async function why(question: WhyQuestion): Promise<WhyAnswer> {
  const { world, subject } = question;
  if (subject.includes('@')) return whyRelease(question);
  const entry = isNodeName(subject) ? world.nodes.get(subject) : undefined;
  if (entry !== undefined && !entry.record.decommissioned) {
    return withTrouble(world, entry, await whyNode(question, entry));
  }
  if (isRolloutId(subject)) {
    const found = await question.rolloutState(subject).catch((error: unknown) => {
      if (error instanceof CapstanError && error.code === 'notFound') return undefined;
      throw error;
    });
    if (found !== undefined) {
      const explained = answer('rollout', explainRollout(found.state, question.up), question);
      const active = world.rollouts.get(subject);
      const compared = active === undefined ? [] : comparedIn(world, active, question);
      return { ...explained, details: [...explained.details, ...compared] };
    }
  }
  throw new CapstanError('notFound', `There is neither a node nor a rollout named "${subject}".`, {
    hint: 'See `capstan node list` and `capstan rollout list`.',
  });
}

/** An answer, and whether anything holds the node up at all. */
interface Found {
  readonly app: string;
  readonly said: WhyAnswer;
  readonly holds: boolean;
}

/** Up-time becomes wall-clock time by the distance from now. */
const wallTime = (at: number | undefined, { up, now }: WhyQuestion): number | undefined =>
  at === undefined ? undefined : now - (up - at);

const answer = (
  kind: 'node' | 'rollout',
  { holds: _, ...explanation }: Explanation,
  question: WhyQuestion,
): WhyAnswer => ({ ...explanation, kind, since: wallTime(explanation.since, question) });

/** The first thing that holds it up, of whichever application; what holds the others up is said beneath. */
async function whyNode(question: WhyQuestion, entry: NodeEntry): Promise<WhyAnswer> {
  const { world } = question;
  const { name } = entry.record;
  const away = whyAway(question, name);
  if (away !== undefined) return away;
  const found: Found[] = [];
  for (const given of world.assignments.get(name)?.values() ?? []) {
    const app = await whyApp(question, entry, given);
    if (app !== undefined) found.push(app);
  }
  found.push(...whyHolding(question, entry));
  const [first, ...others] = found.filter(({ holds }) => holds);
  if (first !== undefined) {
    const more = others.map(({ app, said }) => `${app}: ${said.answer}`);
    return { ...first.said, details: [...first.said.details, ...more] };
  }
  return found[0]?.said ?? whyNothing(name, world.assignments.get(name)?.size ?? 0);
}

const whyNothing = (name: NodeName, given: number): WhyAnswer =>
  given === 0
    ? plain(`Nothing holds ${name} up: no release was ever assigned to it.`, {
        hint: 'Check its labels against the selectors of the environments: `capstan node show`, `capstan app show`.',
      })
    : plain(`Nothing holds ${name} up: it runs what it was told to.`, {});

/** What one application is held up by on the node: its rollout, how the last one ended there, or what the node says. */
async function whyApp(
  question: WhyQuestion,
  entry: NodeEntry,
  { app, env, rollout, state }: AssignmentRecord,
): Promise<Found | undefined> {
  const { world, up } = question;
  const { name } = entry.record;
  const active = activeRollout(world, app, env);
  const explained = active && explainNode(active.state, name, up);
  if (explained !== undefined)
    return { app, said: answer('node', explained, question), holds: explained.holds };
  const past =
    rollout === undefined ? undefined : await question.rolloutState(rollout).catch(() => undefined);
  const failed = past !== undefined && getKey(past.state.nodes, name)?.failure !== undefined;
  const ended = failed ? explainNode(past.state, name, up) : undefined;
  if (ended !== undefined) return { app, said: answer('node', ended, question), holds: true };
  const status = entry.record.status?.apps.find((known) => known.app === app);
  const said = status && whyStatus(name, status, state);
  return said && { app, said, holds: true };
}

function whyStatus(
  name: NodeName,
  status: AppStatus,
  state: AssignmentRecord['state'],
): WhyAnswer | undefined {
  const { app, failure, note } = status;
  const inconsistent = inconsistentSentence(name, status);
  if (inconsistent !== undefined)
    return plain(inconsistent, { logTail: failure?.logTail ?? '', hint: byHandHint(name, false) });
  if (state === 'failed' && failure !== undefined)
    return plain(`${app} failed on ${name} at ${failure.step}: ${failure.reason}${noteBeside(status)}`, {
      logTail: failure.logTail,
    });
  return note === '' ? undefined : plain(`${app} on ${name}: ${note}`, {});
}

/** What the environments, or that there are none or too many, keep from it (teleport#66634, #56638: it holds what it has). */
function whyHolding(question: WhyQuestion, { record }: NodeEntry): readonly Found[] {
  const { name } = record;
  const { world } = question;
  return [...world.applications.values()].flatMap(({ spec }) => {
    const { name: app } = spec;
    const holding = (
      why: string,
      more: { readonly hint?: string; readonly since?: number | undefined } = {},
    ) => [{ app, said: plain(`${name} holds what it has of ${app}: ${why}`, more), holds: true }];
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
      const was = world.assignments.get(name)?.has(app) === true;
      return was ? holding('no environment selects it any more.') : [];
    }
    const key = envKey(app, membership.environment.name);
    const held = world.rosters.get(key)?.heldOf(name);
    return held === undefined ? [] : holding(held.why, { since: wallTime(held.since, question) });
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
    details.push(...said.filter((sentence) => sentence !== undefined));
    for (const { path, kind } of app.drift?.paths ?? []) details.push(`  ${kind}: ${path}`);
    drifted ||= app.drift !== undefined;
  }
  const hint =
    found.hint === '' && drifted
      ? 'Find out who changed them. Capstan leaves them as they are: put them back on the node, or deploy a release that has the change.'
      : found.hint;
  return { ...found, details: [...found.details, ...details], hint };
}

function plain(
  sentence: string,
  more: { readonly hint?: string; readonly logTail?: string; readonly since?: number | undefined },
): WhyAnswer {
  return { kind: 'node', answer: sentence, details: [], since: undefined, hint: '', logTail: '', ...more };
}

function whyAway(question: WhyQuestion, name: NodeName): WhyAnswer | undefined {
  const { world } = question;
  const known = nodeLivenessOf(world.liveness, name);
  if (known === undefined || known.liveness === 'connected') return undefined;
  const lost = known.liveness === 'lost';
  return {
    ...plain(`${name} is ${known.liveness}: its agent holds no poll.`, {
      hint: 'Look at the agent on that server: is it running, and can it reach the coordinator?',
    }),
    details: lost ? ['A lost node counts against the loss budget of a rollout and holds no slot.'] : [],
    since: wallTime(known.since, question),
  };
}
