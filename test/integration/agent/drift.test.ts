import { lstatSync } from 'node:fs';
import { chmod, link, mkdir, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { type DriftPace, SweepingWatch } from '../../../agent/io/drift/drift-watch.js';
import { renderTemplates } from '../../../agent/io/releases/rendering/render.js';
import { createStager, type Stager } from '../../../agent/io/stager-client.js';
import type { RunnableRelease } from '../../../agent/ports/node.js';
import { indexFileOf, type StageJob } from '../../../agent/stager/protocol.js';
import { directoryStore } from '../../../shared/distribution/directory-store.js';
import { systemClock } from '../../../shared/io/clock.js';
import { systemRandom } from '../../../shared/io/random.js';
import type { Drift } from '../../../shared/model/node-status.js';
import { madeOnNode, staticReleaseSpec } from '../../../shared/model/release-spec.js';
import type { Clock } from '../../../shared/ports/clock.js';
import type { Logger } from '../../../shared/ports/logger.js';
import { cleanUp } from '../../support/cleanup.js';
import { eventually } from '../../support/eventually.js';
import { publish, stageJob } from '../../support/releases.js';
import { stagerBundle } from '../../support/stager-bundle.js';
import { tempDir } from '../../support/temp-dir.js';
import { makeNode } from './harness.js';

const silent: Logger = { info: ignore, warn: ignore, error: ignore };
function ignore(): void {
  // What is logged is of no interest here.
}

const brisk: DriftPace = {
  afterWorkMs: 0,
  pageMs: 2,
  sweepMs: 20,
  sweepFactor: 1,
  judgeMs: 0,
  judgeFactor: 0,
};

interface Scene {
  readonly dir: string;
  readonly root: string;
  readonly job: StageJob;
  readonly judged: () => number;
  readonly watch: SweepingWatch;
  readonly release: RunnableRelease;
  /** Resolves when exactly this is found, as `kind path`. */
  readonly found: (...lines: readonly string[]) => Promise<void>;
}

const linesOf = (drift: Drift | undefined): readonly string[] =>
  (drift?.paths ?? []).map(({ kind, path }) => `${kind} ${path}`);

interface SceneOptions {
  readonly spec?: Partial<typeof staticReleaseSpec>;
  readonly clock?: Clock;
  readonly pace?: DriftPace;
  /** Stands between the watch and its child. */
  readonly around?: (stager: Stager) => Pick<Stager, 'drift'>;
}

describe('drift', function () {
  this.timeout(60_000);
  let command: readonly string[];
  before(async () => {
    command = await stagerBundle();
  });

  async function scene({
    spec = {},
    clock = systemClock,
    pace = brisk,
    around,
  }: SceneOptions = {}): Promise<Scene> {
    const dir = await tempDir();
    const source = join(dir, 'source');
    for (const folder of ['a', 'b/c', 'd']) await mkdir(join(source, folder), { recursive: true });
    for (const name of ['one', 'a/two', 'a/three', 'b/four', 'b/c/five', 'd/six']) {
      await writeFile(join(source, name), `what ${name} says`);
    }
    await symlink('one', join(source, 'link'));
    const store = directoryStore(join(dir, 'store'));
    const job = stageJob(dir, await publish(source, store), [store.url]);
    const stager = createStager(command);
    await stager.stage(job);
    let judged = 0;
    const judge = around?.(stager) ?? stager;
    const watch = new SweepingWatch({
      recordFileOf: () => job.recordFile,
      expectedIn: (release) => madeOnNode(release.spec),
      stager: {
        drift: async (...args) => {
          const result = await judge.drift(...args);
          judged += 1;
          return result;
        },
      },
      clock,
      random: systemRandom,
      log: silent,
      onChange: ignore,
      pace,
    });
    cleanUp(() => {
      watch.close();
    });
    const release: RunnableRelease = {
      dir: 'r1',
      app: job.app,
      path: job.releaseDir,
      release: job.release,
      spec: { ...staticReleaseSpec, ...spec },
      order: 1,
      config: {},
      env: 'test',
    };
    const found = async (...lines: readonly string[]): Promise<void> => {
      await eventually(
        () => {
          expect(linesOf(watch.found('r1'))).to.deep.equal(lines);
          return true;
        },
        { timeoutMs: 20_000 },
      );
    };
    return { dir, root: job.releaseDir, job, judged: () => judged, watch, release, found };
  }

  it('names what was changed, added and removed, whatever was done to hide it, until it is mended', async () => {
    const { dir, root, watch, release, found, judged } = await scene();
    watch.watch(release);
    await eventually(() => judged() === 1, { timeoutMs: 20_000 });
    expect(watch.found('r1')).to.equal(undefined);

    const before = lstatSync(join(root, 'a/two'));
    await rewrite(join(root, 'a/two'), 'WHAT a/two says');
    await utimes(join(root, 'a/two'), before.atime, before.mtime);
    await chmod(join(root, 'a/three'), 0o464);
    await writeFile(join(root, 'b/added'), 'new');
    await mkdir(join(root, 'b/c/new'));
    await writeFile(join(root, 'b/c/new/file'), 'new');
    await rm(join(root, 'b/four'));
    await rm(join(root, 'd'), { recursive: true });
    await symlink('b', join(root, 'd'));
    await rm(join(root, 'one'));
    await mkdir(join(root, 'one'));
    await link(join(root, 'b/c/five'), join(dir, 'elsewhere'));
    await found(
      ...['mode a/three', 'changed a/two', 'added b/added', 'added b/c/new', 'removed b/four'],
      ...['changed d', 'removed d/six', 'changed one'],
    );
    expect(watch.found('r1')?.total).to.equal(8);
    expect(watch.found('another'), 'what was found is of one release').to.equal(undefined);

    await rewrite(join(root, 'a/two'), 'what a/two says');
    await chmod(join(root, 'a/three'), 0o444);
    await rm(join(root, 'b/added'));
    await rm(join(root, 'b/c/new'), { recursive: true });
    await writeFile(join(root, 'b/four'), 'what b/four says', { mode: 0o444 });
    await rm(join(root, 'd'));
    await mkdir(join(root, 'd'));
    await writeFile(join(root, 'd/six'), 'what d/six says', { mode: 0o444 });
    await rm(join(root, 'one'), { recursive: true });
    await writeFile(join(root, 'one'), 'what one says', { mode: 0o444 });
    await found();
  });

  it('is none where a file is only linked elsewhere, as reuse by another release does', async () => {
    const { dir, root, watch, release, judged } = await scene();
    watch.watch(release);
    await eventually(() => judged() === 1, { timeoutMs: 20_000 });
    await link(join(root, 'one'), join(dir, 'elsewhere'));
    await eventually(() => judged() === 2, { timeoutMs: 20_000 });
    expect(watch.found('r1')).to.equal(undefined);
  });

  it('is none in links to what is shared and in the folders that lead there, but beside them', async () => {
    const shared = { dirs: ['uploads'], files: ['conf/deep/secret.env'] };
    const { dir, root, watch, release, judged, found } = await scene({ spec: { shared } });
    await symlink(dir, join(root, 'uploads'));
    await mkdir(join(root, 'conf/deep'), { recursive: true });
    await symlink(join(dir, 'nowhere'), join(root, 'conf/deep/secret.env'));
    watch.watch(release);
    await eventually(() => judged() === 1, { timeoutMs: 20_000 });
    expect(watch.found('r1')).to.equal(undefined);
    await writeFile(join(root, 'conf/deep/other'), '');
    await found('added conf/deep/other');
  });

  it('is found in rendered files, by the sweep and by who verifies a release in full', async () => {
    const templates = [{ from: 'one', to: 'made/here' }];
    const { root, job, watch, release, judged, found } = await scene({ spec: { templates } });
    const render = (): Promise<void> => renderTemplates(release, {}, undefined, job);
    const verified = async (): Promise<readonly string[]> => {
      const { releaseDir, recordFile } = job;
      const ignore = madeOnNode(release.spec);
      const { differences } = await createStager(command).verify({ releaseDir, recordFile, ignore });
      return differences.map(({ message }) => message);
    };
    await render();
    watch.watch(release);
    await eventually(() => judged() === 1, { timeoutMs: 20_000 });
    expect(watch.found('r1')).to.equal(undefined);
    expect(await verified()).to.deep.equal([]);

    await rewrite(join(root, 'made/here'), 'WHAT one says');
    await found('changed made/here');
    expect(await verified()).to.deep.equal(['"made/here" is not what was rendered']);
    await rm(join(root, 'made/here'));
    await found('removed made/here');
    expect(await verified()).to.deep.equal(['"made/here" is missing']);
    await render();
    await found();
    await chmod(join(root, 'made/here'), 0o666);
    await found('changed made/here');
    await render();
    await found();
    expect(await verified()).to.deep.equal([]);
  });

  it('goes on when the whole tree is gone, or what is known of it, and when they are back', async () => {
    const { root, job, watch, release, found } = await scene();
    watch.watch(release);
    await found();
    await rename(root, `${root}.away`);
    await eventually(() => watch.found('r1')?.total === 11, { timeoutMs: 20_000 });
    await writeFile(indexFileOf(job.recordFile), '{"format":1,"records":9,"drift":null}\0=1-1 one');
    await rename(`${root}.away`, root);
    await found();
    await rm(indexFileOf(job.recordFile));
    await writeFile(join(root, 'added'), '');
    await found('added added');
  });

  it('is known again at once after a restart of the agent, without looking at the tree', async () => {
    const first = await scene();
    await writeFile(join(first.root, 'added'), '');
    first.watch.watch(first.release);
    await first.found('added added');
    first.watch.close();
    const watch = new SweepingWatch({
      recordFileOf: () => first.job.recordFile,
      expectedIn: () => [],
      stager: { drift: () => Promise.reject(new Error('nobody should ask')) },
      clock: systemClock,
      random: systemRandom,
      log: silent,
      onChange: ignore,
      pace: { ...brisk, afterWorkMs: 3_600_000 },
    });
    watch.watch(first.release);
    expect(linesOf(watch.found('r1'))).to.deep.equal(['added added']);
    watch.close();
  });

  it('is looked for less often where a file never comes to rest, and at once where another changes', async () => {
    let sleeps = 0;
    const clock: Clock = {
      ...systemClock,
      sleep: (ms, signal) => {
        sleeps += 1;
        return systemClock.sleep(ms, signal);
      },
    };
    // A judgement that leaves the index as it was: the same file is suspect in every sweep.
    const around = (stager: Stager): Pick<Stager, 'drift'> => {
      let result: ReturnType<Stager['drift']> | undefined;
      return { drift: (...args) => (result ??= stager.drift(...args)) };
    };
    const { root, watch, release, judged } = await scene({
      clock,
      around,
      pace: { ...brisk, judgeFactor: 1e9 },
    });
    watch.watch(release);
    await eventually(() => judged() === 1, { timeoutMs: 20_000 });
    await chmod(join(root, 'one'), 0o400);
    await eventually(() => judged() === 2);
    const since = sleeps;
    await eventually(() => sleeps > since + 50);
    expect(judged()).to.equal(2);
    await chmod(join(root, 'a/two'), 0o400);
    await eventually(() => judged() === 3);
  });

  it('rests while there is work, and ends at once', async () => {
    let aborted = false;
    const around = (): Pick<Stager, 'drift'> => ({
      drift: (_, { signal } = {}) =>
        new Promise((_resolve, reject) => {
          signal?.addEventListener('abort', () => {
            aborted = true;
            reject(new Error('aborted'));
          });
        }),
    });
    const { watch, release, judged } = await scene({ around });
    watch.watch(release);
    await eventually(() => {
      watch.watch(undefined);
      if (aborted) return true;
      watch.watch(release);
      return false;
    });
    expect(judged()).to.equal(0);
  });

  it('is reported by the agent about what serves, and gone from the report with the next release', async () => {
    const node = await makeNode();
    await node.start();
    const status = await node.coordinator.settled(
      'web',
      node.deploy(await node.release('1', { 'page.html': 'one' })),
    );
    expect(status.drift).to.equal(undefined);
    await writeFile(join(node.home, 'current/added.html'), '');
    const drift = await eventually(() => node.coordinator.latest('web')?.drift, { timeoutMs: 30_000 });
    expect(drift).to.deep.equal({ total: 1, paths: [{ path: 'added.html', kind: 'added' }] });
    await node.agent().stop();
    const before = node.coordinator.reports.length;
    await node.start();
    await eventually(() => node.coordinator.reports.length > before);
    expect(node.coordinator.reports[before]?.apps[0]?.drift, 'after a start too').to.deep.equal(drift);
    const next = await node.coordinator.settled(
      'web',
      node.deploy(await node.release('2', { 'page.html': 'two' })),
    );
    expect(next.drift).to.equal(undefined);
  });
});

/** In place: the same inode, size and mode. */
async function rewrite(path: string, content: string): Promise<void> {
  await chmod(path, 0o644);
  await writeFile(path, content);
  await chmod(path, 0o444);
}
