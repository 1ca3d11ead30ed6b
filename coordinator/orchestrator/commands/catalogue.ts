import { attributeOf } from '../../../shared/core/attributes.js';
import { nearest } from '../../../shared/core/nearest.js';
import type { EnvironmentSpec } from '../../../shared/model/application.js';
import { CapstanError } from '../../../shared/model/errors.js';
import type { AppName, Digest } from '../../../shared/model/ids.js';
import type { Release, ReleaseRef } from '../../../shared/model/release.js';
import { overlapsOf } from '../../core/membership.js';
import type { AppliedSpec, ApplyOutcome, EnvironmentName, SpecChange } from '../../ports/operations.js';
import type { Batch } from '../batch.js';
import { slotUnder } from '../slots.js';
import { memberEntries } from '../tending/members.js';
import {
  attributedOf,
  environmentsOf,
  isMemberCandidate,
  provenTarget,
  releasesOf,
  type World,
} from '../world.js';
import { releaseConfig } from './config-releases.js';
import { checkMeant, checkRemovals, memoryOf, removeEnvironment } from './removal/environments.js';
import { addSignatures, keysOf, withSignatures } from './signatures.js';
import { specChanges } from './spec-changes.js';
import type { TargetContext } from './targets.js';

/** Checks all, then changes all: a fault in the last spec leaves nothing of the first behind. */
export function apply(
  batch: Batch,
  specs: readonly AppliedSpec[],
  remove: readonly EnvironmentName[],
  context: { readonly by: string; readonly revisionOf: TargetContext['revisionOf'] },
): ApplyOutcome {
  checkMeant(
    specs.map(({ spec }) => spec),
    remove,
  );
  for (const applied of specs) checkOverlaps(batch.world, applied);
  for (const { spec } of specs) checkRemovals(batch.world, spec, { by: context.by, remove });
  const changes = specs.flatMap((applied) => applyOne(batch, applied, context));
  return { changes, warnings: specs.flatMap(({ spec }) => warningsOf(batch.world, spec)) };
}

function checkOverlaps(world: World, { spec, file }: AppliedSpec): void {
  const nodes = [...world.nodes.values()].filter(isMemberCandidate).map(({ record }) => attributedOf(record));
  const [overlap, ...more] = overlapsOf(spec, nodes);
  if (overlap === undefined) return;
  const also = more.length === 0 ? '' : ` (and ${String(more.length)} more)`;
  const message = `The environments ${overlap.environments.join(' and ')} of "${spec.name}" both select node ${overlap.node}${also}.`;
  throw new CapstanError('invalid', message, {
    hint: 'A node runs one release of an application: make the selectors exclude each other.',
    ...(file === undefined ? {} : { location: { file } }),
  });
}

function applyOne(
  batch: Batch,
  { spec, text }: AppliedSpec,
  context: Parameters<typeof apply>[3],
): readonly SpecChange[] {
  const { world } = batch;
  const { by } = context;
  const known = world.applications.get(spec.name);
  const environments = new Map(environmentsOf(world, spec.name).map((env) => [env.name, env]));
  if (known?.text !== text) batch.putApplication(spec.name, text);
  const changes: SpecChange[] = [];
  for (const [ordinal, environment] of spec.environments.entries()) {
    const before = environments.get(environment.name);
    const details = before === undefined ? [] : specChanges(before.spec, environment);
    if (before !== undefined && before.ordinal !== ordinal) details.push('its place in the pipeline');
    const isSame = before?.ordinal === ordinal && isSameSpec(before.spec, environment);
    const action = before === undefined ? 'created' : isSame ? 'unchanged' : 'updated';
    changes.push({ kind: 'environment', name: `${spec.name}/${environment.name}`, action, details });
    environments.delete(environment.name);
    if (isSame) continue;
    const fresh = { app: spec.name, name: environment.name, proven: [], wanted: undefined, settled: true };
    const known = before ?? fresh;
    const configReleases = releaseConfig(batch, known, environment.config, context);
    if (before !== undefined && configReleases !== before.configReleases)
      details.push(`config release ${configReleases[0]?.number ?? 0}, rolled out with the next deploy`);
    const activeSlot = before && slotUnder(before, environment);
    batch.putEnvironment({ ...known, ordinal, spec: environment, configReleases, activeSlot });
  }
  for (const gone of environments.values()) {
    removeEnvironment(batch, gone);
    const details = [
      'its nodes hold what they have',
      ...memoryOf(gone).map((known) => `nobody will know any more that ${known}`),
    ];
    changes.push({ kind: 'environment', name: `${spec.name}/${gone.name}`, action: 'removed', details });
  }
  const changed = changes.some(({ action }) => action !== 'unchanged');
  const action = known === undefined ? 'created' : changed ? 'updated' : 'unchanged';
  if (action !== 'unchanged') {
    batch.event(`application.${action}`, `${by} ${action} application ${spec.name}`, {
      app: spec.name,
      actor: by,
    });
  }
  return [{ kind: 'application', name: spec.name, action, details: [] }, ...changes];
}

/** Field by field, not by what is told of them. */
const isSameSpec = (before: EnvironmentSpec, after: EnvironmentSpec): boolean =>
  JSON.stringify(before, inOrder) === JSON.stringify(after, inOrder);

/** For `JSON.stringify`: the fields of each object by name, however they came. */
function inOrder(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}

function warningsOf(world: World, spec: AppliedSpec['spec']): readonly string[] {
  return spec.environments.flatMap((environment) => {
    const place = `${spec.name}/${environment.name}`;
    const members = memberEntries(world, spec.name, environment.name).map(({ record }) =>
      attributedOf(record),
    );
    const warnings = [
      ...standstills(environment),
      ...strayChecks(world, spec.name, environment),
      ...strayGroups(environment, members),
    ];
    return warnings.map((warning) => `${place}: ${warning}`);
  });
}

/** While the old group is kept, a rollout has not ended, and nothing is replaced by itself. */
function standstills({ strategy: { parallel }, autoDeploy }: EnvironmentSpec): readonly string[] {
  if (autoDeploy === undefined || parallel === undefined) return [];
  const acts = [
    ...(parallel.switch === 'manual' ? ['`capstan rollout switch`'] : []),
    ...(parallel.releaseAfterMs === undefined ? ['`capstan rollout release`'] : []),
  ];
  if (acts.length === 0) return [];
  return [
    `autoDeploy waits after each release for a person's ${acts.join(' and ')}; \`switch: auto\` and \`releaseAfter\` do without`,
  ];
}

/** A slip in the name of a check lets nothing in, and nobody knows why: it is one if CI records another that is much like it. */
function strayChecks(
  world: World,
  app: AppName,
  { promotion, autoDeploy }: EnvironmentSpec,
): readonly string[] {
  const builds = [...world.builds.values()].filter((build) => build.app === app);
  const recorded = new Set(builds.flatMap(({ checks }) => checks.map(({ name }) => name)));
  const asked = new Set([...(promotion?.checks ?? []), ...(autoDeploy?.checks ?? [])]);
  return [...asked].flatMap((name) => {
    const near = recorded.has(name) ? undefined : nearest(name, [...recorded]);
    return near === undefined ? [] : [`no release has a check "${name}" yet; did you mean "${near}"?`];
  });
}

function strayGroups(
  { selector, strategy }: EnvironmentSpec,
  members: readonly Parameters<typeof attributeOf>[0][],
): readonly string[] {
  if (members.length === 0) return [`no node matches the selector "${selector.text}" yet`];
  return strategy.waves.flatMap((wave) =>
    ('by' in wave.members ? wave.members.by : [])
      .filter((key) => members.every((node) => attributeOf(node, key) === undefined))
      .map((key) => `no node of it has "${key}", by which the wave "${wave.name}" goes`),
  );
}

/**
 * A release that is registered already stays what it is; where its objects were lost and it was packed and sent again, the
 * registration leads to the new ones from then on. The version means the same content all the time.
 */
export function register(
  batch: Batch,
  app: AppName,
  ref: ReleaseRef,
  by: string,
): { readonly release: Release; readonly existed: boolean } {
  const existing = releasesOf(batch.world, app).get(ref.version);
  if (existing !== undefined && existing.digest !== ref.digest) throw takenVersion(existing);
  if (existing !== undefined && existing.retiredAt === undefined) {
    if (isPackedAlike(batch.world, existing, ref))
      return { release: addSignatures(batch, existing, ref.envelope, by), existed: true };
    const { publishedAt, publishedBy } = existing;
    const repaired: Release = { ...withSignatures(ref, existing.envelope), app, publishedAt, publishedBy };
    batch.putRelease(repaired);
    batch.event('release.repaired', `${by} sent ${app} ${ref.version} to the store again`, {
      ...{ app, actor: by },
    });
    return { release: repaired, existed: true };
  }
  releasesOf(batch.world, app).delete(ref.version); // one that was given up comes back as the newest
  const signed = withSignatures(ref, existing?.envelope);
  const release: Release = { ...signed, app, publishedAt: nextInOrder(batch, app), publishedBy: by };
  batch.putRelease(release);
  const keys = keysOf(ref);
  const message = `${by} published ${app} ${ref.version}${keys === '' ? '' : `, signed with key ${keys}`}`;
  batch.event('release.published', message, { app, actor: by });
  return { release, existed: false };
}

/** Now, but later than every other: the order of releases is that of these times, also after a restart, whatever the clock does. */
function nextInOrder({ world, now }: Batch, app: AppName): number {
  let next = now;
  for (const { publishedAt } of releasesOf(world, app).values()) next = Math.max(next, publishedAt + 1);
  return next;
}

/** The registration leads to nothing that the other does not lead to, but deltas from what was given up. */
function isPackedAlike(world: World, registered: Release, { layout, deltas, database }: ReleaseRef): boolean {
  if (registered.layout.digest !== layout.digest) return false;
  // One that was registered by a version that knew of no database steps.
  if ((registered.database === undefined) !== (database === undefined)) return false;
  const releases = [...releasesOf(world, registered.app).values()];
  const kept = new Set(
    releases.flatMap(({ digest, retiredAt }) => (retiredAt === undefined ? [digest] : [])),
  );
  const given = new Set(deltas.map(({ digest }) => digest));
  return registered.deltas.every(({ from, digest }) => given.has(digest) || !kept.has(from));
}

/** A publisher reads all of them, and makes a delta from each. */
const maxBases = 4;

/**
 * The newest release, since the next one is likely to be most like it; then what environments run for certain, so
 * that their nodes find a short way.
 */
export function basesFor(world: World, app: AppName): readonly ReleaseRef[] {
  const releases = [...(world.releases.get(app)?.values() ?? [])];
  const newest = releases.findLast(({ retiredAt }) => retiredAt === undefined);
  const proven = environmentsOf(world, app).map((env) => provenTarget(env)?.release);
  const found = new Map<Digest, ReleaseRef>();
  for (const release of [newest, ...proven]) {
    if (release !== undefined && !found.has(release.digest)) found.set(release.digest, release);
  }
  return [...found.values()].slice(0, maxBases);
}

function takenVersion({ app, version, digest }: Release): CapstanError {
  const message = `Release ${version} of "${app}" exists already, with other content (${digest.slice(0, 19)}…).`;
  const hint = 'Releases never change: publish under a new version.';
  return new CapstanError('conflict', message, { hint });
}
