import { driftText } from '../../../shared/core/drift-text.js';
import type { AppName, NodeName } from '../../../shared/model/ids.js';
import type { AppStatus } from '../../../shared/model/node-status.js';
import { membershipOf } from '../../core/membership.js';
import { listed } from '../../core/rollout/explain/sentences.js';
import type { EnvironmentRecord } from '../../ports/state-store.js';
import { leftOutText, straysIn, unfitText } from '../slots.js';
import {
  activeRollout,
  attributedOf,
  envKey,
  isMemberCandidate,
  type NodeEntry,
  statusOf,
  type World,
} from '../world.js';

/** Nodes that are named for one kind of problem; a bad release may leave thousands of them alike. */
const named = 5;

/** What a person should know of an environment, worst first: sentences. */
export function problemsIn(
  world: World,
  record: EnvironmentRecord,
  members: readonly NodeEntry[],
): readonly string[] {
  const nodes = members.map((entry) => entry.record);
  const strays = straysIn(record, nodes);
  const unfit = unfitText(record, nodes);
  const ahead = (node: NodeName, status: AppStatus): string | undefined => aheadSentence(world, node, status);
  return [
    ...shutForGood(world, record),
    ...limited(members, record.app, inconsistentSentence, 'are inconsistent'),
    ...limited(members, record.app, ahead, 'run what they were told after the backup'),
    ...limited(members, record.app, driftSentence, 'have files that drifted'),
    ...limited(members, record.app, noteSentence, 'say what is wrong with them'),
    ...overlapsIn(world, record),
    ...(unfit === undefined ? [] : [unfit]),
    ...(strays.size === 0 || unfit !== undefined ? [] : [leftOutText(strays)]),
    ...holdingIn(world, record, strays),
  ];
}

/** Said where nothing was ever live: where something was, its nodes go back to that, or say that they hold what they have. */
export function neverCameUp(
  world: World,
  { app, name: env, proven, settled, wanted, restoredFrom }: EnvironmentRecord,
): readonly string[] {
  const isUntried = settled || restoredFrom !== undefined || wanted === undefined;
  if (isUntried || proven.length > 0 || activeRollout(world, app, env) !== undefined) return [];
  return [
    `the deploy of ${wanted} did not succeed, and none has before: capstan why ${app}/${env} says what failed`,
  ];
}

/** Closed by what only a person can mend. */
function shutForGood({ closures }: World, { app, name }: EnvironmentRecord): readonly string[] {
  const closure = closures.get(envKey(app, name));
  if (closure?.kind !== 'window' || closure.hint === '') return [];
  return [`nothing can be changed here: it waits for ${closure.waitsFor}`];
}

/** Nodes that hold what they have, those for the same reason in one sentence. While a rollout is under way that says it. */
function holdingIn(
  world: World,
  { app, name: env }: EnvironmentRecord,
  strays: ReadonlyMap<NodeName, string>,
): readonly string[] {
  if (activeRollout(world, app, env) !== undefined) return [];
  const holders = new Map<string, NodeName[]>();
  for (const { node, why } of world.rosters.get(envKey(app, env))?.held() ?? []) {
    if (strays.has(node)) continue;
    const known = holders.get(why);
    if (known === undefined) holders.set(why, [node]);
    else known.push(node);
  }
  const groups = [...holders].sort(([, a], [, b]) => b.length - a.length);
  const rest = groups.slice(named).reduce((sum, [, nodes]) => sum + nodes.length, 0);
  const sentences = groups
    .slice(0, named)
    .map(([why, nodes]) =>
      nodes.length === 1
        ? `${nodes[0] ?? ''} holds what it has: ${why}`
        : `${nodes.length} nodes hold what they have (${listed(nodes)}): ${why}`,
    );
  return rest === 0 ? sentences : [...sentences, `${rest} more nodes hold what they have`];
}

/** A node whose release failed and could not be taken back: nobody but a person can say what is to be done. */
export function inconsistentSentence(node: NodeName, status: AppStatus): string | undefined {
  if (status.phase !== 'inconsistent') return undefined;
  const { app, current, failure } = status;
  const serves = current === undefined ? 'nothing of it serves' : `current is ${current.version}`;
  const why = failure === undefined ? '' : `: ${failure.step}: ${failure.reason}`;
  return `${app} on ${node} is INCONSISTENT (${serves})${why}`;
}

/**
 * A node was told of something after the backup was taken that this coordinator was restored from; a sentence.
 * @returns undefined if what it was told last is known here
 */
export function aheadSentence(world: World, node: NodeName, status: AppStatus): string | undefined {
  const { app, generation, current } = status;
  const given = world.assignments.get(node)?.get(app);
  if (world.epoch === 0 || generation <= (given?.generation ?? 0)) return undefined;
  const runs = current === undefined ? 'runs nothing of it' : `runs ${current.version}`;
  const known = given === undefined ? 'nothing of it' : given.version;
  return `${app} on ${node} ${runs} by what it was told after the backup; known here is ${known}`;
}

export function driftSentence(node: NodeName, { app, current, drift }: AppStatus): string | undefined {
  if (drift === undefined) return undefined;
  return `${app}${current === undefined ? '' : ` ${current.version}`} on ${node} is not what was released: ${driftText(drift)}`;
}

/** What a node says though it has come to an end of its work: of its settings, its host, or what serves. */
function noteSentence(node: NodeName, { app, phase, note }: AppStatus): string | undefined {
  const isAtRest = phase === 'healthy' || phase === 'staged' || phase === 'failed' || phase === 'turnedBack';
  return isAtRest && note !== '' ? `${app} on ${node}: ${note}` : undefined;
}

/** What a node says beside why it failed. */
export const noteBeside = ({ failure, note }: AppStatus): string =>
  note === '' || failure?.reason.includes(note) === true ? '' : `; ${note}`;

export function pastReturnSentence(
  node: NodeName,
  { app, pastReturn }: AppStatus,
  version: string | undefined,
): string | undefined {
  if (pastReturn !== true) return undefined;
  const what = version === undefined ? app : `${app} ${version}`;
  return `${what} on ${node} is past the point of no return: its database step cannot be reversed`;
}

function limited(
  members: readonly NodeEntry[],
  app: AppName,
  sentence: (node: NodeName, status: AppStatus) => string | undefined,
  others: string,
): readonly string[] {
  const found = members.flatMap((entry) => {
    const status = statusOf(entry, app);
    return (status && sentence(entry.record.name, status)) ?? [];
  });
  return firstOf(found, others);
}

function firstOf(found: readonly string[], others: string): readonly string[] {
  const more = found.length - named;
  return more > 0 ? [...found.slice(0, named), `${more} more nodes ${others}`] : found;
}

function overlapsIn(world: World, { app, name }: EnvironmentRecord): readonly string[] {
  const spec = world.applications.get(app)?.spec;
  if (spec === undefined) return [];
  const found = [...world.nodes.values()].filter(isMemberCandidate).flatMap(({ record }) => {
    const membership = membershipOf(spec, attributedOf(record));
    if (membership.kind !== 'overlap') return [];
    const names = membership.environments.map((env) => env.name);
    if (!names.includes(name)) return [];
    return [`${record.name} is selected by ${names.join(' and ')}: it holds what it has`];
  });
  return firstOf(found, 'are selected by several environments');
}
