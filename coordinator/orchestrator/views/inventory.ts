import { matches } from '../../../shared/core/selector.js';
import { CapstanError } from '../../../shared/model/errors.js';
import type { AppName, RolloutId } from '../../../shared/model/ids.js';
import type { AppStatus } from '../../../shared/model/node-status.js';
import type { Release } from '../../../shared/model/release.js';
import { valuesOf } from '../../core/collections/hash-map.js';
import { membershipOf } from '../../core/membership.js';
import { waitingFor } from '../../core/rollout/explain/explain.js';
import { loadRollout } from '../../core/rollout/load.js';
import type { RolloutNode } from '../../core/rollout/types/node.js';
import type { RolloutState } from '../../core/rollout/types/rollout.js';
import { windowsAt } from '../../core/windows.js';
import type {
  ApplicationSummary,
  Changed,
  EnvironmentSummary,
  Inventory,
  NodeAppSummary,
  NodeSummary,
  ReleaseSummary,
  RolloutSummary,
} from '../../ports/inventory.js';
import type { EnvironmentRecord, RolloutRecord, StateStore } from '../../ports/state-store.js';
import { basesFor } from '../commands/catalogue.js';
import { configSummaries } from '../commands/config-releases.js';
import { requireRelease } from '../commands/deploy.js';
import { findEnvironment, requireApplication } from '../commands/places.js';
import { releasesToGiveUp } from '../commands/retention.js';
import { locksOn } from '../locks/locks.js';
import { requireNode } from '../nodes.js';
import { poisonedIn } from '../poison.js';
import { nextRelease, standingsOf } from '../promotion/standings.js';
import { memberEntries } from '../tending/members.js';
import {
  activeRollout,
  attributedOf,
  buildKey,
  environmentsOf,
  envKey,
  isMemberCandidate,
  livenessOfNode,
  type NodeEntry,
  releasesOf,
  statusOf,
  type World,
} from '../world.js';
import { comparisonIn } from './comparing.js';
import type { Planner } from './plan.js';
import { neverCameUp, noteBeside, problemsIn } from './problems.js';
import { why } from './why/why.js';

export interface InventorySource {
  readonly world: () => World;
  readonly store: StateStore;
  /** Up-time and wall clock, in milliseconds. */
  readonly time: () => { readonly up: number; readonly now: number };
  readonly onChange: (listener: (changed: Changed) => void) => () => void;
  readonly planner: Planner;
}

export function createInventory({ world, store, time, onChange, planner }: InventorySource): Inventory {
  const rolloutState = async (id: RolloutId): Promise<{ record: RolloutRecord; state: RolloutState }> => {
    const active = world().rollouts.get(id);
    if (active !== undefined) return active;
    const stored = await store.rollout(id);
    if (stored !== undefined)
      return { record: stored.record, state: loadRollout(stored.record.header, stored.nodes) };
    throw new CapstanError('notFound', `There is no rollout "${id}".`, {
      hint: 'See `capstan rollout list` for those there are.',
    });
  };
  return {
    nodes: (selector) =>
      [...world().nodes.values()]
        .filter(isMemberCandidate)
        .filter(({ record }) => selector === undefined || matches(selector, attributedOf(record)))
        .sort((a, b) => compare(a.record.name, b.record.name))
        .map((entry) => nodeSummary(world(), entry)),
    node: (name) => nodeSummary(world(), requireNode(world(), name)),
    applications: () =>
      [...world().applications.keys()].sort(compare).map((app) => applicationSummary(world(), app, time())),
    application: (app) => {
      requireApplication(world(), app);
      return applicationSummary(world(), app, time());
    },
    environments: (app) => {
      if (app !== undefined) requireApplication(world(), app);
      const apps = app === undefined ? [...world().applications.keys()].sort(compare) : [app];
      return apps
        .flatMap((name) => environmentsOf(world(), name))
        .map((env) => environmentSummary(world(), env, time()));
    },
    configs: (app, env) => configSummaries(world(), findEnvironment(world(), app, env)),
    releases: (app, limit) => newestReleases(world(), app, limit, time().up),
    release: (app, version) => releaseSummary(world(), requireRelease(world(), app, version), time().up),
    bases: (app) => basesFor(world(), app),
    releaseWith: (app, digest) => {
      const all = [...(world().releases.get(app)?.values() ?? [])].filter((one) => one.digest === digest);
      return all.find(({ retiredAt }) => retiredAt === undefined) ?? all[0];
    },
    findRelease: (app, version) => world().releases.get(app)?.get(version),
    keptReleases: () =>
      [...world().releases.values()]
        .flatMap((releases) => [...releases.values()])
        .filter(({ retiredAt }) => retiredAt === undefined),
    releasesToGiveUp: (keep) => releasesToGiveUp(world(), keep),
    rollouts: async (filter) => {
      if (filter.env !== undefined) requireEnvironment(world(), filter.env, filter.app);
      const records = await store.rollouts(filter);
      return records.map((stored) => {
        const active = world().rollouts.get(stored.header.id);
        return rolloutHead(active?.record ?? stored, active?.state, time().up);
      });
    },
    rollout: async (id) => {
      const { record, state } = await rolloutState(id);
      const active = world().rollouts.get(id);
      const comparison = active && comparisonIn(world(), active, time());
      return { ...rolloutHead(record, state, time().up), nodes: nodesOf(state), comparison };
    },
    rolloutHead: async (id) => {
      const { record, state } = await rolloutState(id);
      return rolloutHead(record, state, time().up);
    },
    plan: (question) => planner.plan(question),
    poisoned: () => poisonedIn(world()),
    why: (subject) => {
      const rollouts = (app: string, env: string, limit: number) =>
        store.rollouts({ app, env, activeOnly: false, limit });
      return why({ world: world(), subject, ...time(), rolloutState, rollouts });
    },
    verifyEvents: (after, expect) => store.verifyEvents(after, expect),
    events: async (query) => {
      const events = await store.events(query);
      if (events.length > 0 || query.app === undefined) return events;
      const ever = await store.events({ after: 0, app: query.app, limit: 1 });
      if (ever.length === 0) requireApplication(world(), query.app); // one that was removed still has its history
      return events;
    },
    onChange,
  };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function requireEnvironment(world: World, env: string, app?: string): void {
  for (const record of world.environments.values()) {
    if (record.name === env && (app === undefined || record.app === app)) return;
  }
  throw new CapstanError(
    'notFound',
    `There is no environment "${env}"${app === undefined ? '' : ` of ${app}`}.`,
    {
      hint: 'See `capstan status` for those there are.',
    },
  );
}

function nodeSummary(world: World, entry: NodeEntry): NodeSummary {
  const { record } = entry;
  const given = world.assignments.get(record.name);
  const apps = new Set<AppName>(given?.keys());
  for (const { app, phase } of record.status?.apps ?? []) {
    if (phase !== 'removed' || world.applications.has(app)) apps.add(app);
  }
  for (const { spec } of world.applications.values()) {
    if (membershipOf(spec, attributedOf(record)).kind !== 'none') apps.add(spec.name);
  }
  return {
    record,
    liveness: livenessOfNode(world, record.name),
    apps: [...apps].sort(compare).map((app) => nodeAppSummary(world, entry, app)),
    sampledAt: entry.sampledAt,
  };
}

function nodeAppSummary(world: World, entry: NodeEntry, app: AppName): NodeAppSummary {
  const { name } = entry.record;
  const status = statusOf(entry, app);
  const assignment = world.assignments.get(name)?.get(app);
  const spec = world.applications.get(app)?.spec;
  const membership = spec === undefined ? undefined : membershipOf(spec, attributedOf(entry.record));
  const env = membership?.kind === 'member' ? membership.environment.name : assignment?.env;
  const overlap =
    membership?.kind === 'overlap'
      ? `more than one environment selects it (${membership.environments.map((e) => e.name).join(', ')}): it holds what it has`
      : '';
  const held = env === undefined ? undefined : world.rosters.get(envKey(app, env))?.heldOf(name)?.why;
  const isLeft = membership?.kind === 'none' && assignment !== undefined && assignment.intent !== 'remove';
  const left = isLeft ? 'no environment selects it any more' : '';
  const reason = [overlap, left, reasonOf(status), held ?? ''].find((text) => text !== '') ?? '';
  return { app, env, status, assignment, reason };
}

function reasonOf(status: AppStatus | undefined): string {
  if (status === undefined) return '';
  const { failure, note } = status;
  return failure === undefined ? note : `${failure.step}: ${failure.reason}${noteBeside(status)}`;
}

function environmentSummary(
  world: World,
  record: EnvironmentRecord,
  { up, now }: ReturnType<InventorySource['time']>,
): EnvironmentSummary {
  const counts = { total: 0, healthy: 0, unhealthy: 0, silent: 0, lost: 0 };
  const versions = new Map<string, number>();
  const members = memberEntries(world, record.app, record.name);
  for (const entry of members) {
    const status = statusOf(entry, record.app);
    counts.total += 1;
    const liveness = livenessOfNode(world, entry.record.name);
    // How one that is not heard of fares is not known, whatever it said last.
    if (liveness !== 'connected') counts[liveness] += 1;
    else if (status?.current === undefined) continue;
    else if (status.health === 'healthy') counts.healthy += 1;
    else if (status.health === 'unhealthy') counts.unhealthy += 1;
    const version = status?.current?.version;
    if (version !== undefined) versions.set(version, (versions.get(version) ?? 0) + 1);
  }
  const rollout = activeRollout(world, record.app, record.name)?.record;
  const { app, name: env, spec } = record;
  const [lock] = locksOn(world, 'lock', app, env);
  const [freeze] = locksOn(world, 'freeze', app, env);
  const opening = spec.maintenance && windowsAt(spec.maintenance, now);
  const window = opening?.unknownZone === undefined ? opening : undefined;
  const problems = [...neverCameUp(world, record), ...problemsIn(world, record, members)];
  const next = nextRelease(world, record, up);
  return { record, ...counts, versions, rollout, problems, next, lock, freeze, window };
}

function applicationSummary(
  world: World,
  app: AppName,
  time: ReturnType<InventorySource['time']>,
): ApplicationSummary {
  const releases = [...releasesOf(world, app).values()];
  const environments = environmentsOf(world, app).map((env) => environmentSummary(world, env, time));
  return {
    name: app,
    text: world.applications.get(app)?.text ?? '',
    environments,
    releases: releases.length,
    latest: releases.at(-1)?.version,
    leaving: environments.length > 0 ? [] : [...(world.leaving.get(app) ?? [])].sort(compare),
  };
}

function newestReleases(
  world: World,
  app: AppName | undefined,
  limit: number,
  up: number,
): readonly ReleaseSummary[] {
  if (app !== undefined && !world.releases.has(app)) requireApplication(world, app);
  const maps = app === undefined ? [...world.releases.values()] : [releasesOf(world, app)];
  return maps
    .flatMap((releases) => [...releases.values()].reverse())
    .sort((a, b) => b.publishedAt - a.publishedAt)
    .slice(0, limit)
    .map((release) => releaseSummary(world, release, up));
}

function releaseSummary(world: World, release: Release, up: number): ReleaseSummary {
  const environments = environmentsOf(world, release.app)
    .filter(({ proven }) => proven[0]?.release.digest === release.digest)
    .map(({ name }) => name);
  const checks = world.builds.get(buildKey(release.app, release.digest))?.checks ?? [];
  const known = world.poison.get(release.digest);
  const poison = known?.since === undefined ? undefined : known;
  return { release, environments, checks, standings: standingsOf(world, release, up), poison };
}

function rolloutHead(record: RolloutRecord, state: RolloutState | undefined, up: number): RolloutSummary {
  const waits = state === undefined ? '' : waitingFor(state, up);
  return { record, counts: record.header.counts, nodes: [], waitingFor: waits };
}

const nodesOf = (state: RolloutState): readonly RolloutNode[] =>
  [...valuesOf(state.nodes)].sort((a, b) => a.ordinal - b.ordinal);
