import type { BuildRecord } from '../../../../coordinator/core/promotion/types.js';
import type { AssignmentRecord } from '../../../../coordinator/ports/state-store.js';
import type { Digest, NodeName } from '../../../../shared/model/ids.js';
import type { AppStatus } from '../../../../shared/model/node-status.js';
import { isOpen } from '../environments.js';
import { type Commit, keys, type Tables } from '../memory-store.js';
import { app, checkName, env as production, staging } from '../releases.js';
import type { Site } from '../site.js';
import { type Check, environmentIn, freshIn, headerOf, rowOf } from './check.js';

/** What a commit asks of nodes that changes what they run, by whoever it was asked. */
const changesIn = (commit: Commit): readonly AssignmentRecord[] =>
  freshIn(commit).filter((given) => {
    const { node, intent, restart, digest, configRevision } = given;
    const before = commit.before.assignments.get(keys.assignment(given));
    // Told anew whether it takes requests, a node stays what it is.
    const isSame =
      currentOf(commit.after, node)?.digest === digest &&
      [before?.configRevision, before?.liveConfigRevision].includes(configRevision);
    return intent === 'activate' && (restart || !isSame);
  });

const currentOf = (tables: Tables, node: NodeName): AppStatus['current'] =>
  tables.nodes.get(node)?.status?.apps.find((each) => each.app === app)?.current;

export const windows = (): Check => ({
  name: 'outside of its maintenance windows no node is taken forwards, nor one that was away brought up',
  committed: (site, commit) => {
    const { before, after, decidedAt } = commit;
    if (site.windows.every((openMs) => openMs === undefined)) return undefined;
    const maintenance = environmentIn(after)?.spec.maintenance;
    const openMs = maintenance?.windows[0]?.forMs;
    if (isOpen(openMs, decidedAt) || environmentIn(before)?.spec.maintenance !== maintenance)
      return undefined;
    for (const { node, env, rollout, digest } of changesIn(commit)) {
      if (env !== production) continue;
      const header = headerOf(after, rollout);
      // Also of one that was on its way to the release of a superseded rollout.
      const isBack =
        rollout !== undefined &&
        (header?.cause === 'rollback' ||
          rowOf(after, rollout, node)?.target !== 'to' ||
          header?.from?.release.digest === digest);
      const had = currentOf(after, node) !== undefined;
      if (isBack || (rollout === undefined && !had)) continue;
      return `${node} was taken by ${rollout ?? 'nobody'}, which is open for ${String(openMs)} ms a minute only`;
    }
    return undefined;
  },
});

export const poison = (): Check => ({
  name: 'what is poisoned is not asked for again, by nobody',
  committed: (_site, { before, after, changes }) => {
    for (const { header } of changes.rollouts ?? []) {
      if (before.rollouts.has(header.id)) continue;
      const { digest, version } = header.to.release;
      const isPoisoned = [before, after].every((tables) => tables.poison.get(digest)?.since !== undefined);
      const isProven = [before, after].some((tables) => provenIn(tables, header.env) === digest);
      if (isPoisoned && !isProven)
        return `${header.id} of ${header.requestedBy} brings ${version} to ${header.env}`;
    }
    return undefined;
  },
});

const provenIn = (tables: Tables, env: typeof staging): Digest | undefined =>
  environmentIn(tables, env)?.proven[0]?.release.digest;

/** For how long each build was the proven one of staging, counted by what is committed. Milliseconds of up-time. */
class Baking {
  readonly #baked = new Map<string, number>();
  #at = 0;

  count({ before, after }: Commit): void {
    const digest = provenIn(before, staging);
    const upTimeMs = Math.max(this.#at, after.meta.upTimeMs);
    if (digest !== undefined) this.#baked.set(digest, this.of(digest) + upTimeMs - this.#at);
    this.#at = upTimeMs;
  }

  of(digest: string): number {
    return this.#baked.get(digest) ?? 0;
  }
}

export const gates = (): Check => {
  const baking = new Baking();
  return {
    name: 'nothing comes into production, or is promoted to it, without what its gate asks for',
    committed: (site, commit) => {
      baking.count(commit);
      const { before, after, changes } = commit;
      // It stands once the spec of it was applied.
      if ([before, after].some((tables) => environmentIn(tables)?.spec.promotion === undefined))
        return undefined;
      for (const build of changes.builds ?? []) {
        const { digest } = build;
        const isNew = build.promotions.length > (buildIn(before, digest)?.promotions.length ?? 0);
        const lack = isNew ? lackOf(site, commit, baking, digest) : undefined;
        if (lack !== undefined) return `${digest.slice(-2)} was promoted: ${lack}`;
      }
      for (const { header } of changes.rollouts ?? []) {
        const { id, env, cause, to } = header;
        if (before.rollouts.has(id) || env !== production || cause === 'stage') continue;
        const { digest, version } = to.release;
        const wasHere = [before, after].some((tables) =>
          environmentIn(tables)?.proven.some(({ release }) => release.digest === digest),
        );
        const isIn = wasHere || (buildIn(after, digest)?.promotions.length ?? 0) > 0;
        // To go back, or to run what runs, needs no leave.
        if (wasHere && cause !== 'deploy') continue;
        const lack = isIn ? failedCheck(site, commit, digest) : lackOf(site, commit, baking, digest);
        if (lack !== undefined) return `${id} brings ${version}: ${lack}`;
      }
      return undefined;
    },
  };
};

const buildIn = (tables: Tables, digest: Digest): BuildRecord | undefined =>
  tables.builds.get(keys.build({ app, digest }));

/** What was recorded in the very commit may have come before or after. */
const either = (commit: Commit, holds: (tables: Tables) => boolean): boolean =>
  holds(commit.before) || holds(commit.after);

const checkIn = (tables: Tables, digest: Digest): boolean | undefined =>
  buildIn(tables, digest)?.checks.find(({ name }) => name === checkName)?.passed;

function failedCheck({ pipeline }: Site, commit: Commit, digest: Digest): string | undefined {
  if (pipeline?.checks !== true) return undefined;
  return either(commit, (tables) => checkIn(tables, digest) !== false) ? undefined : 'its check has failed';
}

function lackOf(site: Site, commit: Commit, baking: Baking, digest: Digest): string | undefined {
  const { pipeline } = site;
  if (pipeline === undefined) return undefined;
  const { checks, approvals, bakeMs } = pipeline;
  if (checks && !either(commit, (tables) => checkIn(tables, digest) === true))
    return 'its check has not passed';
  const approvedBy = new Set(
    buildIn(commit.after, digest)?.approvals.flatMap(({ env, by }) => (env === production ? [by] : [])),
  );
  if (approvedBy.size < approvals) return `it has ${approvedBy.size} of ${approvals} approvals`;
  const isProven = either(
    commit,
    (tables) =>
      environmentIn(tables, staging)?.proven.some(({ release }) => release.digest === digest) === true,
  );
  if (!isProven) return 'it was never proven in staging';
  return baking.of(digest) >= bakeMs ? undefined : `it was there for ${baking.of(digest)} of ${bakeMs} ms`;
}
