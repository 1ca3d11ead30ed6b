import type { AppName, Digest, ReleaseVersion } from '../../../shared/model/ids.js';
import type { Release } from '../../../shared/model/release.js';
import { releasesToRetire } from '../../core/retention.js';
import type { Batch } from '../batch.js';
import { environmentsOf, statusOf, type World } from '../world.js';

/** Of what was proven in an environment: what runs there, and what one goes back to from it. */
const keptProven = 2;

/** The releases of all applications that can be given up. */
export function releasesToGiveUp(world: World, keep: number): readonly Release[] {
  return [...world.releases].flatMap(([app, releases]) =>
    releasesToRetire({ releases: [...releases.values()], keep, pinned: pinnedVersions(world, app) }),
  );
}

/**
 * Gives releases up: from now on nobody can deploy them, so that their objects may be removed. Their records stay, since a
 * version never comes to mean another content.
 */
export function giveUp(batch: Batch, keep: number, by: string): readonly Release[] {
  const retired = releasesToGiveUp(batch.world, keep);
  for (const release of retired) {
    const { app, version } = release;
    batch.putRelease({ ...release, deltas: [], retiredAt: batch.now });
    batch.event('release.retired', `${app} ${version} was given up, since ${String(keep)} newer are kept`, {
      ...{ app, actor: by },
    });
  }
  for (const app of new Set(retired.map((release) => release.app))) forgetProven(batch, app, retired);
  return retired;
}

/** Nobody can go back to a release that was given up. */
function forgetProven(batch: Batch, app: AppName, retired: readonly Release[]): void {
  const gone = new Set(retired.filter((release) => release.app === app).map(({ digest }) => digest));
  for (const environment of environmentsOf(batch.world, app)) {
    const proven = environment.proven.filter(
      ({ release }, at) => at < keptProven || !gone.has(release.digest),
    );
    if (proven.length < environment.proven.length) batch.putEnvironment({ ...environment, proven });
  }
}

function pinnedVersions(world: World, app: AppName): ReadonlySet<ReleaseVersion> {
  const pinned = new Set<ReleaseVersion>();
  for (const { proven, wanted } of environmentsOf(world, app)) {
    for (const { release } of proven.slice(0, keptProven)) pinned.add(release.version);
    if (wanted !== undefined) pinned.add(wanted);
  }
  for (const { record } of world.rollouts.values()) {
    if (record.header.app !== app) continue;
    pinned.add(record.header.to.release.version);
    if (record.header.from !== undefined) pinned.add(record.header.from.release.version);
  }
  for (const given of world.assignments.values()) {
    const assignment = given.get(app);
    if (assignment !== undefined) pinned.add(assignment.version);
  }
  const onDisks = new Set<Digest>();
  for (const entry of world.nodes.values()) {
    const status = statusOf(entry, app);
    if (status?.current !== undefined) pinned.add(status.current.version);
    if (status?.previous !== undefined) pinned.add(status.previous.version);
    for (const digest of status?.staged ?? []) onDisks.add(digest);
  }
  for (const { version, digest } of world.releases.get(app)?.values() ?? []) {
    if (onDisks.has(digest)) pinned.add(version);
  }
  return pinned;
}
