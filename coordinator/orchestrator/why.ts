import { CapstanError } from '../../shared/model/errors.js';
import { isNodeName, isRolloutId, type NodeName, type RolloutId } from '../../shared/model/ids.js';
import { getKey } from '../core/collections/hash-map.js';
import { nodeLivenessOf } from '../core/liveness.js';
import { membershipOf } from '../core/membership.js';
import { byHandHint, explainNode, explainRollout } from '../core/rollout/explain.js';
import type { Explanation, RolloutState } from '../core/rollout/types.js';
import type { WhyAnswer } from '../ports/inventory.js';
import type { RolloutRecord } from '../ports/state-store.js';
import { comparisonIn } from './comparing.js';
import { driftSentence, inconsistentSentence, pastReturnSentence } from './problems.js';
import { whyRelease } from './promotion/why-release.js';
import { activeRollout, attributedOf, envKey, type NodeEntry, type World } from './world.js';

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
      return { ...explained, details: [...explained.details, ...differencesIn(question, subject)] };
    }
  }
  throw new CapstanError('notFound', `There is neither a node nor a rollout named "${subject}".`, {
    hint: 'See `capstan node list` and `capstan rollout list`.',
  });
}

/** Up-time becomes wall-clock time by the distance from now. */
const answer = (kind: 'node' | 'rollout', explanation: Explanation, { up, now }: WhyQuestion): WhyAnswer => ({
  ...explanation,
  kind,
  since: explanation.since === undefined ? undefined : now - (up - explanation.since),
});

/** In what the nodes that have the release are worse off, or that they are not. */
function differencesIn(question: WhyQuestion, id: RolloutId): readonly string[] {
  const active = question.world.rollouts.get(id);
  const comparison = active && comparisonIn(question.world, active, question);
  if (comparison === undefined) return [];
  const { differences, having } = comparison;
  const none = `${having.nodes} with the new release: no worse than the others in health, restarts and pressure`;
  return differences.length === 0 ? [none] : differences;
}

async function whyNode(question: WhyQuestion, entry: NodeEntry): Promise<WhyAnswer> {
  const { world } = question;
  const { name } = entry.record;
  const given = [...(world.assignments.get(name)?.values() ?? [])];
  const away = whyAway(question, name);
  if (away !== undefined) return away;
  for (const { app, env } of given) {
    const active = activeRollout(world, app, env);
    const explanation = active === undefined ? undefined : explainNode(active.state, name, question.up);
    if (explanation !== undefined) return answer('node', explanation, question);
  }
  for (const { app, rollout, state } of given) {
    const past =
      rollout === undefined ? undefined : await question.rolloutState(rollout).catch(() => undefined);
    const failed = past !== undefined && getKey(past.state.nodes, name)?.failure !== undefined;
    const explanation = failed ? explainNode(past.state, name, question.up) : undefined;
    if (explanation !== undefined) return answer('node', explanation, question);
    const status = entry.record.status?.apps.find((known) => known.app === app);
    const inconsistent = status && inconsistentSentence(name, status);
    if (inconsistent !== undefined) {
      return plain(inconsistent, { logTail: status?.failure?.logTail ?? '', hint: byHandHint(name, false) });
    }
    if (state === 'failed' && status?.failure !== undefined) {
      const { step, reason, logTail } = status.failure;
      return plain(`${app} failed on ${name} at ${step}: ${reason}`, { logTail });
    }
    if (status?.note !== undefined && status.note !== '')
      return plain(`${app} on ${name}: ${status.note}`, {});
  }
  const holding = whyHolding(world, entry);
  if (holding !== undefined) return holding;
  return plain(
    given.length === 0
      ? `Nothing holds ${name} up: no release was ever assigned to it.`
      : `Nothing holds ${name} up: it runs what it was told to.`,
    given.length === 0
      ? {
          hint: 'Check its labels against the selectors of the environments: `capstan node show`, `capstan app show`.',
        }
      : {},
  );
}

/** What the environments, or that there are none or too many, keep from it. */
function whyHolding(world: World, { record }: NodeEntry): WhyAnswer | undefined {
  const { name } = record;
  for (const { spec } of world.applications.values()) {
    const membership = membershipOf(spec, attributedOf(record));
    if (membership.kind === 'overlap') {
      const names = membership.environments.map((environment) => environment.name).join(' and ');
      return plain(`${name} holds what it has of ${spec.name}: the environments ${names} both select it.`, {
        hint: 'Change its labels, or the selectors, so that one of them does.',
      });
    }
    if (membership.kind === 'member') {
      const held = world.held.get(envKey(spec.name, membership.environment.name))?.get(name);
      if (held !== undefined) return plain(`${name} holds what it has of ${spec.name}: ${held}`, {});
    } else if (world.assignments.get(name)?.has(spec.name) === true) {
      return plain(`${name} holds what it has of ${spec.name}: no environment selects it any more.`, {});
    }
  }
  return undefined;
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

function plain(sentence: string, more: { readonly hint?: string; readonly logTail?: string }): WhyAnswer {
  return { kind: 'node', answer: sentence, details: [], since: undefined, hint: '', logTail: '', ...more };
}

function whyAway({ world, up, now }: WhyQuestion, name: NodeName): WhyAnswer | undefined {
  const known = nodeLivenessOf(world.liveness, name);
  if (known === undefined || known.liveness === 'connected') return undefined;
  const lost = known.liveness === 'lost';
  return {
    ...plain(`${name} is ${known.liveness}: its agent holds no poll.`, {
      hint: 'Look at the agent on that server: is it running, and can it reach the coordinator?',
    }),
    details: lost ? ['A lost node counts against the loss budget of a rollout and holds no slot.'] : [],
    since: now - (up - known.since),
  };
}
