import type { EnvironmentSpec } from '../../shared/model/application.js';
import { CapstanError } from '../../shared/model/errors.js';
import type { AppName, NodeName, RolloutId } from '../../shared/model/ids.js';
import { type Labels, labelOf } from '../../shared/model/labels.js';
import type { RolloutCause } from '../../shared/model/rollout.js';
import { stepUnderWay } from '../core/rollout/database.js';
import { plural } from '../core/rollout/explain/sentences.js';
import { chooseSlots, straysOf, unfitIn } from '../core/rollout/parallel/choose.js';
import type { PlanNode, PlanRequest } from '../core/rollout/types/plan.js';
import type { EnvironmentRecord } from '../ports/state-store.js';
import type { Batch } from './batch.js';
import { type NodeEntry, statusOf } from './world.js';

type Parts = Pick<PlanRequest, 'nodes' | 'slots'>;

/**
 * Who has part in a rollout: of a blue/green pair both groups, of which one gets the release; a restart is of what takes
 * the requests, in place; to stage something touches nobody's requests. Nodes that are in neither group are left out.
 * @throws CapstanError `refused` if it cannot be said which two groups there are
 */
export function partsIn(
  environment: EnvironmentRecord,
  cause: RolloutCause,
  nodes: readonly PlanNode[],
): Parts {
  const { spec, activeSlot } = environment;
  const rule = spec.strategy.parallel;
  if (rule === undefined || cause === 'stage' || nodes.length === 0) return { nodes };
  if (cause === 'restart') {
    // Before the first switch there is no such group: all may take requests.
    if (activeSlot === undefined) return { nodes };
    const active = nodes.filter(({ labels }) => labelOf(labels, rule.label) === activeSlot);
    return { nodes: active.length === 0 ? nodes : active };
  }
  const choice = chooseSlots(rule.label, activeSlot, nodes);
  if (choice.kind === 'slots') {
    const strays = straysOf(rule.label, activeSlot, nodes);
    return { nodes: nodes.filter(({ name }) => !strays.has(name)), slots: choice.slots };
  }
  const { app, name: env } = environment;
  throw new CapstanError(
    'refused',
    `The strategy of ${app}/${env} ${pairRule(rule.label)}; ${choice.found}.`,
    {
      hint: `Put every node into one of two groups: \`capstan node label NODE ${rule.label}=blue\`, or \`${rule.label}=green\`.`,
    },
  );
}

const pairRule = (label: string): string => `is parallel, which takes two values of the label "${label}"`;

/** That nothing can be deployed there, since nobody can say which two groups there are; undefined where that is not so. */
export function unfitText(
  { spec, activeSlot }: EnvironmentRecord,
  nodes: readonly Pick<PlanNode, 'name' | 'labels'>[],
): string | undefined {
  const label = spec.strategy.parallel?.label;
  if (label === undefined || nodes.length === 0) return undefined;
  const found = unfitIn(label, activeSlot, nodes);
  return found === undefined
    ? undefined
    : `nothing can be deployed: its strategy ${pairRule(label)}; ${found}`;
}

/** Nodes of a blue/green environment that are in neither group, each with what is wrong. */
export function straysIn(
  { spec, activeSlot }: EnvironmentRecord,
  nodes: readonly Pick<PlanNode, 'name' | 'labels'>[],
): ReadonlyMap<NodeName, string> {
  const label = spec.strategy.parallel?.label;
  return label === undefined ? new Map() : straysOf(label, activeSlot, nodes);
}

/** Nodes that are named; mostly there is one. */
const namedStrays = 5;

/** `1 node is left out: web-5 (its label …)`; '' if there is none. */
export function leftOutText(strays: ReadonlyMap<NodeName, string>): string {
  if (strays.size === 0) return '';
  const named = [...strays].slice(0, namedStrays).map(([name, why]) => `${name} (${why})`);
  const more = strays.size - named.length;
  const rest = more > 0 ? ` and ${more} more` : '';
  return `${plural(strays.size, 'node')} ${strays.size === 1 ? 'is' : 'are'} left out: ${named.join(', ')}${rest}`;
}

/** Whether a node of the environment is to be looked after outside rollouts, or why not. */
export type Place =
  | { readonly kind: 'active' }
  /** Nothing but that it takes no requests is wanted of it. */
  | { readonly kind: 'idle' }
  | { readonly kind: 'neither'; readonly why: string };

/** The label that tells the groups of a blue/green pair apart; undefined if no group of it takes the requests alone. */
export const pairLabel = ({ spec, activeSlot }: EnvironmentRecord): string | undefined =>
  activeSlot === undefined ? undefined : spec.strategy.parallel?.label;

export function placeIn(environment: EnvironmentRecord, labels: Labels): Place {
  const label = pairLabel(environment);
  if (label === undefined) return { kind: 'active' };
  const value = labelOf(labels, label);
  if (value === undefined)
    return { kind: 'neither', why: `it has no label "${label}", which puts it into a group` };
  return { kind: value === environment.activeSlot ? 'active' : 'idle' };
}

/**
 * The environment where nobody is left in the group that takes the requests, because all were labelled anew or have gone:
 * there is no such group any more, and whoever is there takes them.
 */
export function withoutSlot(batch: Batch, environment: EnvironmentRecord): EnvironmentRecord {
  const { app, name: env, activeSlot } = environment;
  const label = pairLabel(environment);
  if (label === undefined || activeSlot === undefined) return environment;
  const left = { ...environment, activeSlot: undefined };
  batch.putEnvironment(left);
  const message = `no node is left in ${label}=${activeSlot}: every node of ${app}/${env} may take requests`;
  batch.event('slot.left', message, { app, env });
  return left;
}

/** The group that takes the requests under another spec: it is not known if groups are told apart in another way. */
export const slotUnder = (
  { spec, activeSlot }: EnvironmentRecord,
  next: EnvironmentSpec,
): string | undefined =>
  next.strategy.parallel?.label === spec.strategy.parallel?.label ? activeSlot : undefined;

interface Traffic {
  readonly generation: number;
  readonly standby: boolean;
  readonly rollout: RolloutId | undefined;
}

/** The node keeps what it runs, and takes requests or none. Nothing happens if it runs nothing. */
export function putTraffic(batch: Batch, node: NodeName, app: AppName, traffic: Traffic): void {
  const before = batch.world.assignments.get(node)?.get(app);
  const entry = batch.world.nodes.get(node);
  const current = entry === undefined ? undefined : statusOf(entry, app)?.current;
  if (before === undefined || current === undefined) return;
  // What failed may have been the same release with other values.
  const isLive = before.state === 'done' && before.intent === 'activate' && before.digest === current.digest;
  batch.putAssignment({
    ...before,
    ...traffic,
    intent: 'activate',
    version: current.version,
    digest: current.digest,
    configRevision:
      isLive || before.liveConfigRevision === '' ? before.configRevision : before.liveConfigRevision,
    drain: false,
    restart: false,
    fetchBytesPerSecond: 0,
    database: false,
    recalled: stepUnderWay(before),
    state: 'open',
    givenAt: batch.now,
  });
  batch.woken.add(node);
}

/** What came back late, or was labelled anew, is not to take requests that go to the other group. */
export function keepIdle(batch: Batch, app: AppName, entry: NodeEntry): void {
  const { name } = entry.record;
  const given = batch.world.assignments.get(name)?.get(app);
  if (given === undefined || given.state === 'open' || given.standby === true) return;
  if (statusOf(entry, app)?.current === undefined) return;
  const generation = batch.world.nextGeneration;
  batch.world.nextGeneration += 1;
  putTraffic(batch, name, app, { generation, standby: true, rollout: undefined });
  const message = `${name} takes no requests for ${app}: its group is idle`;
  batch.event('node.idled', message, { app, env: given.env, node: name });
}
