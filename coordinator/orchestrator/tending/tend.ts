import type { NodeName } from '../../../shared/model/ids.js';
import { roomOf } from '../../core/fetch-shares.js';
import type { Target } from '../../core/rollout/types/plan.js';
import { apart, Roster, type Standing, type StewardRules, standingOf } from '../../core/steward.js';
import type { EnvironmentRecord } from '../../ports/state-store.js';
import type { Batch } from '../batch.js';
import { assign } from '../rollouts/assign.js';
import { takenElsewhere } from '../rollouts/planning.js';
import { keepIdle, pairLabel, placeIn, withoutSlot } from '../slots.js';
import { type EnvKey, envKey, type NodeEntry, planNodeOf, provenTarget } from '../world.js';
import { environmentOf, memberEntries } from './members.js';

/**
 * Outside rollouts: gives nodes that joined or came back the proven release. Only those that changed are looked at; all of an
 * environment once it has changed itself, by a rollout that ended for instance.
 */
export function tendAll(batch: Batch): void {
  const { unsettled } = batch;
  // Who is given something has changed by that, and is looked at once more.
  for (const [key, nodes] of unsettled) {
    unsettled.delete(key);
    tend(batch, key, nodes);
  }
}

function tend(batch: Batch, key: EnvKey, nodes: ReadonlySet<NodeName> | 'all'): void {
  const { world } = batch;
  const environment = world.environments.get(key);
  const proven = environment && provenTarget(environment);
  if (environment === undefined || proven === undefined || world.activeByEnv.has(key)) return;
  const known = nodes === 'all' ? undefined : world.rosters.get(key);
  if (known !== undefined && nodes !== 'all') lookAt(batch, environment, known, nodes);
  const isLeft = known?.isHeadless === true && pairLabel(environment) !== undefined;
  give(
    batch,
    known === undefined || isLeft ? lookAtAll(batch, key, environment, proven) : known,
    environment,
  );
}

function lookAt(
  batch: Batch,
  environment: EnvironmentRecord,
  roster: Roster,
  nodes: ReadonlySet<NodeName>,
): void {
  const { app, name: env } = environment;
  const look = lookIn(batch, environment, roster.rules);
  for (const name of nodes) {
    const entry = environmentOf(batch.world, app, name) === env ? batch.world.nodes.get(name) : undefined;
    roster.put(name, entry && look(entry), batch.up);
  }
}

function lookAtAll(batch: Batch, key: EnvKey, before: EnvironmentRecord, proven: Target): Roster {
  const { world, up } = batch;
  const members = memberEntries(world, before.app, before.name);
  const leads = ({ record }: NodeEntry): boolean => placeIn(before, record.labels).kind === 'active';
  // Where nobody is left at all, as by a slip in the selector, nobody else takes the requests: the group may come back.
  const environment = members.length === 0 || members.some(leads) ? before : withoutSlot(batch, before);
  const closure = world.closures.get(key);
  const closed = closure && `it waits for ${closure.waitsFor}`;
  const { strategy, join } = environment.spec;
  const rules = { strategy, join, proven, settled: environment.settled, closed };
  const roster = world.rosters.get(key) ?? new Roster(rules);
  const look = lookIn(batch, environment, rules);
  const standings = members.map((entry) => [entry.record.name, look(entry)] as const);
  roster.fill(rules, standings, up);
  world.rosters.set(key, roster);
  return roster;
}

/** How nodes of the environment stand; what is to take no requests is told so. */
function lookIn(
  batch: Batch,
  environment: EnvironmentRecord,
  rules: StewardRules,
): (entry: NodeEntry) => Standing {
  const { world } = batch;
  const { app, name: env } = environment;
  const elsewhere = takenElsewhere(world, app, env);
  return (entry) => {
    const { name, labels } = entry.record;
    const place = placeIn(environment, labels);
    const leads = place.kind === 'active';
    const rollout = elsewhere(name)?.record.header;
    if (rollout !== undefined)
      return apart(leads, `it has part in ${rollout.id}, a rollout of ${rollout.env}`);
    if (place.kind === 'neither') return apart(leads, place.why);
    if (place.kind === 'active') return standingOf(rules, planNodeOf(world, entry, app));
    keepIdle(batch, app, entry);
    return apart(leads, undefined);
  };
}

function give(batch: Batch, roster: Roster, { app, name: env, spec }: EnvironmentRecord): void {
  const { world } = batch;
  const { proven } = roster.rules;
  const { grants, awaitsTurn } = roster.grants(roomOf(world.shares));
  const key = envKey(app, env);
  if (awaitsTurn) world.crowded.add(key);
  else world.crowded.delete(key);
  for (const { node, share } of grants) {
    const generation = world.nextGeneration;
    world.nextGeneration += 1;
    assign(batch, { app, env, strategy: spec.strategy }, proven, {
      ...{ node, generation, intent: 'activate', fetchBytesPerSecond: share },
      ...{ drain: spec.strategy.type !== 'live', restart: false, database: false, standby: false },
      rollout: undefined,
    });
    batch.event('node.caughtUp', `${node} is given ${app} ${proven.release.version}`, { app, env, node });
  }
}
