import type { AppName, Digest } from '../../../shared/model/ids.js';
import type { BuildRecord } from '../../core/promotion/types.js';
import type { Batch } from '../batch.js';
import { buildKey, type NodeEntry, type World } from '../world.js';

/** So many rows of each kind at once. */
const atOnce = 100;
/** What was recorded of builds is kept of so many releases of each application that were given up, the newest. */
const keptRetired = 100;

/**
 * Forgets some of what nothing refers to any more: values of environments, what was recorded of builds whose releases
 * were given up, and nodes that were decommissioned before then and have not been heard of since.
 * @param since milliseconds since the epoch; undefined: no node is forgotten
 * @returns true if there may be more
 */
export function tidy(batch: Batch, since = Number.NEGATIVE_INFINITY): boolean {
  const configs = unusedConfigs(batch.world).slice(0, atOnce);
  for (const revision of configs) batch.removeConfig(revision);
  const builds = retiredBuilds(batch.world).slice(0, atOnce);
  for (const build of builds) batch.removeBuild(build);
  const nodes = [...batch.world.nodes.values()].filter((entry) => isGone(entry, since)).slice(0, atOnce);
  for (const { record } of nodes) batch.removeNode(record.name);
  return [configs, builds, nodes].some(({ length }) => length === atOnce);
}

function unusedConfigs({ configs, environments, rollouts, assignments }: World): readonly string[] {
  const unused = new Set(configs.keys());
  for (const { configReleases = [], proven } of environments.values()) {
    for (const { revision } of configReleases) unused.delete(revision);
    for (const { configRevision } of proven) unused.delete(configRevision);
  }
  for (const { record } of rollouts.values()) {
    const { to, from } = record.header;
    unused.delete(to.configRevision);
    if (from !== undefined) unused.delete(from.configRevision);
  }
  if (unused.size === 0) return [];
  for (const given of assignments.values()) {
    for (const { configRevision, liveConfigRevision } of given.values()) {
      unused.delete(configRevision);
      unused.delete(liveConfigRevision);
    }
  }
  return [...unused];
}

/** The same content may be registered under several versions: it counts as long as one of them can be deployed. */
function retiredBuilds({ builds, releases }: World): readonly BuildRecord[] {
  return [...releases].flatMap(([app, known]) => {
    const digests = new Map<Digest, 'kept' | 'retired'>();
    for (const { digest, retiredAt } of [...known.values()].reverse()) {
      if (retiredAt === undefined) digests.set(digest, 'kept');
      else if (!digests.has(digest)) digests.set(digest, 'retired');
    }
    const retired = [...digests].flatMap(([digest, is]) =>
      is === 'retired' ? recordOf(builds, app, digest) : [],
    );
    return retired.slice(keptRetired);
  });
}

const recordOf = (builds: World['builds'], app: AppName, digest: Digest): readonly BuildRecord[] => {
  const build = builds.get(buildKey(app, digest));
  return build === undefined ? [] : [build];
};

/** One that still asks is refused for as long as it does. */
function isGone({ record, refusedAt = 0 }: NodeEntry, since: number): boolean {
  const { decommissioned, decommissionedAt, lastSeenAt } = record;
  return decommissioned && Math.max(decommissionedAt ?? lastSeenAt, refusedAt) < since;
}
