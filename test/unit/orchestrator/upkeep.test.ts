import { expect } from 'chai';
import { Batch } from '../../../coordinator/orchestrator/batch.js';
import { decommissionNode, takeArrival } from '../../../coordinator/orchestrator/nodes.js';
import { tidy } from '../../../coordinator/orchestrator/upkeep/tidy.js';
import { Upkeep } from '../../../coordinator/orchestrator/upkeep/upkeep.js';
import {
  buildKey,
  buildWorld,
  copyForTrial,
  envKey,
  releasesOf,
  type World,
} from '../../../coordinator/orchestrator/world.js';
import type { PruneLimits, Snapshot } from '../../../coordinator/ports/state-store.js';
import type { Digest, NodeName, ReleaseVersion } from '../../../shared/model/ids.js';
import type { Release } from '../../../shared/model/release.js';
import { app, env, nodeName, plainStrategy, target } from '../../sim/fixtures.js';
import { emptySnapshot } from '../../support/empty-snapshot.js';

const hour = 3_600_000;
const day = 24 * hour;
const limits = {
  ...{ silentAfterMs: 1, lostAfterMs: 1, startGraceMs: 0 },
  ...{ massWindowMs: 1, massShare: 1, massMinimum: 1 },
};

const worldOf = (change: Partial<Snapshot>): World =>
  buildWorld(
    {
      ...emptySnapshot,
      applications: [{ name: app, text: '' }],
      environments: [
        {
          ...{ app, name: env, ordinal: 0, wanted: undefined, settled: true },
          proven: [target(1, 'proven')],
          configReleases: [{ number: 1, revision: 'released', by: 'ann', at: 0 }],
          spec: {
            selector: { requirements: [], text: '' },
            ...{ name: env, config: {}, strategy: plainStrategy, join: 'stable' },
          },
        },
      ],
      ...change,
    },
    limits,
    0,
  );

const assignment = (node: NodeName, configRevision: string, liveConfigRevision: string) => ({
  ...({ node, app, env, generation: 1, intent: 'activate', state: 'done', rollout: undefined } as const),
  ...{ version: target(1).release.version, digest: target(1).release.digest, drain: true, restart: false },
  ...{ configRevision, liveConfigRevision, minHealthyTimeMs: 0, healthDeadlineMs: 0 },
  fetchBytesPerSecond: 0,
});

describe('what nobody refers to any more', () => {
  it('is who waits for bandwidth in an environment that has gone, and nothing of it in a dry run', () => {
    const world = worldOf({});
    const key = envKey(app, env);
    world.crowded.add(key);
    const environment = world.environments.get(key);
    if (environment === undefined) throw new Error('the environment is gone');
    new Batch(copyForTrial(world), 0, 0).removeEnvironment(environment);
    expect([...world.crowded]).to.deep.equal([key]);
    new Batch(world, 0, 0).removeEnvironment(environment);
    expect([...world.crowded]).to.deep.equal([]);
  });

  it('are values that no environment, no rollout and no node has', () => {
    const revisions = ['proven', 'released', 'given', 'live', 'old'];
    const world = worldOf({
      configs: revisions.map((revision) => ({ revision, config: {} })),
      assignments: [assignment(nodeName('n1'), 'given', 'live')],
    });
    const batch = new Batch(world, 0, 0);
    expect(tidy(batch)).to.equal(false);
    expect([...world.configs.keys()]).to.deep.equal(['proven', 'released', 'given', 'live']);
    expect(batch.changes()?.removedConfigs).to.deep.equal(['old']);
    batch.putConfig('old', {});
    expect(batch.changes()).to.deep.include({
      removedConfigs: [],
      configs: [{ revision: 'old', config: {} }],
    });
  });

  it('are some at once, and the others soon after', () => {
    const configs = Array.from({ length: 150 }, (_, at) => ({ revision: `c${at}`, config: {} }));
    const world = worldOf({ configs });
    expect(tidy(new Batch(world, 0, 0))).to.equal(true);
    expect(world.configs.size).to.equal(50);
    expect(tidy(new Batch(world, 0, 0))).to.equal(false);
    expect(world.configs.size).to.equal(0);
  });

  it('are records of builds that were given up, beyond the newest hundred of them', () => {
    const digestOf = (at: number): Digest => `sha256:${String(at).padStart(64, '0')}` as Digest;
    const release = (at: number, retired: boolean, version = `${at}.0.0`): Release => ({
      ...{ ...target(1).release, version: version as ReleaseVersion, digest: digestOf(at), app },
      ...{ publishedAt: at, publishedBy: '', ...(retired ? { retiredAt: 1 } : {}) },
    });
    const count = 103;
    const releases = Array.from({ length: count }, (_, at) => release(at, true));
    const builds = releases.map(({ digest }) => ({ app, digest, checks: [], approvals: [], promotions: [] }));
    const world = worldOf({ releases: [...releases, release(1, false, 'again')], builds });
    const batch = new Batch(world, 0, 0);
    tidy(batch);
    // The second is registered under another version, which is not given up.
    expect(batch.changes()?.removedBuilds?.map(({ digest }) => digest)).to.deep.equal([
      digestOf(2),
      digestOf(0),
    ]);
    expect(world.builds.has(buildKey(app, digestOf(1)))).to.equal(true);
    expect(releasesOf(world, app).size, 'a version never comes to mean another content').to.equal(count + 1);
  });

  it('are nodes that were decommissioned long ago, and whose agents do not ask any more', () => {
    const world = worldOf({});
    const batch = new Batch(world, 0, 0);
    const names = ['gone', 'asks', 'stays'].map(nodeName);
    const arrive = (at: Batch, name: NodeName): void => {
      takeArrival(at, { kind: 'node', name, labels: {}, address: '' }, 'i1');
    };
    for (const name of names) arrive(batch, name);
    for (const name of names.slice(0, 2)) decommissionNode(batch, name, 'ann', '');
    const later = new Batch(world, 90 * day, 0);
    expect(() => {
      arrive(later, nodeName('asks'));
    }).to.throw('was decommissioned');
    tidy(later, -1);
    expect([...world.nodes.keys()], 'not so long ago').to.deep.equal(names);
    tidy(later);
    expect([...world.nodes.keys()], 'kept for ever').to.deep.equal(names);
    tidy(later, 1);
    expect([...world.nodes.keys()]).to.deep.equal(['asks', 'stays']);
    expect(later.changes()?.removedNodes).to.deep.equal(['gone']);
    expect(world.members.get(app)?.ofEnvironment.get(env)).to.deep.equal(new Set(['stays']));
    arrive(later, nodeName('gone'));
    expect(later.changes()?.removedNodes, 'it came back meanwhile').to.deep.equal([]);
    expect(world.environments.has(envKey(app, env))).to.equal(true);
  });
});

describe('upkeep', () => {
  function upkeepOf(keepMs: number | undefined, answers: readonly boolean[]) {
    const pruned: PruneLimits[] = [];
    const tidied: number[] = [];
    const failures: unknown[] = [];
    const left = [...answers];
    const upkeep = new Upkeep({
      store: {
        prune: (given) => {
          pruned.push(given);
          const isMore = left.shift();
          return isMore === undefined ? Promise.reject(new Error('disk full')) : Promise.resolve(isMore);
        },
      },
      clock: { now: () => 100 * day },
      logger: {
        ...{ info: () => undefined, warn: () => undefined },
        error: (_, fields) => {
          failures.push(fields);
        },
      },
      keepMs,
      inBackground: () => {
        tidied.push(pruned.length);
      },
    });
    const turn = async (up: number): Promise<void> => {
      upkeep.turn(up);
      await new Promise(setImmediate);
    };
    return { turn, pruned, tidied, failures };
  }

  it('comes each hour, each second while there is more, and goes on after a failure', async () => {
    const { turn, pruned, tidied, failures } = upkeepOf(90 * day, [true, false]);
    await turn(0);
    const [limits] = pruned;
    expect(limits).to.include({ rollouts: 200, answersBefore: 99 * day, eventsBefore: 10 * day });
    expect(limits?.now).to.equal(100 * day);
    await turn(999);
    expect(pruned).to.have.length(1);
    await turn(1000);
    await turn(2000);
    expect(pruned).to.have.length(2);
    expect(tidied, 'first an hour after the start, so that who is refused was heard').to.deep.equal([]);
    await turn(hour);
    await turn(hour + 2000);
    expect(tidied).to.have.length(1);
    expect(pruned).to.have.length(3);
    expect(failures).to.have.length(1);
    await turn(2 * hour + 2000);
    expect([pruned.length, tidied.length]).to.deep.equal([4, 2]);
  });

  it('keeps events for ever where that is wanted', async () => {
    for (const keepMs of [undefined, 0]) {
      const { turn, pruned } = upkeepOf(keepMs, [false]);
      await turn(0);
      expect(pruned[0]?.eventsBefore).to.equal(undefined);
    }
  });
});
