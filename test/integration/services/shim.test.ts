import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { ShimKeeper } from '../../../agent/io/services/shim-keeper.js';
import type { RunnableRelease } from '../../../agent/ports/node.js';
import { type ProcessStat, parseProcessStat } from '../../../shared/core/proc-stat.js';
import { systemClock } from '../../../shared/io/clock.js';
import { packageRoot } from '../../../shared/io/package-root.js';
import type { AppName, Digest, ReleaseVersion } from '../../../shared/model/ids.js';
import { staticReleaseSpec } from '../../../shared/model/release-spec.js';
import { eventually } from '../../support/eventually.js';
import { processesIn } from '../../support/processes.js';
import { tempDir } from '../../support/temp-dir.js';

const processes = (): readonly ({ readonly pid: number } & ProcessStat)[] =>
  readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const stat = parseProcessStat(readFileSync(`/proc/${name}/stat`, 'latin1'));
      return stat === undefined ? [] : [{ pid: Number(name), ...stat }];
    } catch {
      return [];
    }
  });

interface Stopping {
  readonly graceMs?: number;
  readonly stopSignal?: 'SIGTERM' | 'SIGHUP';
}

describe('the shim', () => {
  let dir: string;
  let keeper: ShimKeeper;
  beforeEach(async () => {
    dir = await tempDir();
    keeper = make();
  });

  function make(): ShimKeeper {
    const shim = [process.execPath, join(packageRoot(), 'dist', 'capstan-shim.cjs')];
    return new ShimKeeper({
      folder: join(dir, 'service'),
      shim,
      clock: systemClock,
      path: process.env['PATH'] ?? '',
    });
  }

  /** Has a program kept that is given as a shell script; `$OUT` is a file of its own. */
  async function start(
    script: string,
    { graceMs = 5_000, stopSignal = 'SIGTERM' }: Stopping = {},
  ): Promise<void> {
    const path = join(dir, 'release');
    await mkdir(path, { recursive: true });
    await writeFile(join(path, 'run.sh'), script);
    const release: RunnableRelease = {
      dir: '1',
      release: { version: '1' as ReleaseVersion, digest: 'sha256:00' as Digest },
      spec: staticReleaseSpec,
      order: 1,
      app: 'web' as AppName,
      path,
      config: {},
      env: 'test',
    };
    const env = { PATH: process.env['PATH'] ?? '', OUT: join(dir, 'out') };
    const service = { kind: 'process', command: ['sh', 'run.sh'], stopSignal, graceMs } as const;
    await keeper.start(release, service, env, undefined);
  }
  const out = async (): Promise<readonly string[]> =>
    (await readFile(join(dir, 'out'), 'utf8')).split('\n').filter((line) => line !== '');

  it('is found again by whoever comes after, with its service and what that printed', async () => {
    await start('echo hello; exec sleep 100');
    await eventually(async () => (await keeper.logTail(1000, 'start')) === 'hello\n');
    const after = make();
    expect(after.observe()).to.deep.equal(keeper.observe());
    expect(after.observe()).to.include({ dir: '1', running: true, exits: 0 });
    expect(await after.logTail(1000, 'start')).to.equal('hello\n');
    await after.stop();
    expect(keeper.observe()).to.equal(undefined);
  });

  it('stops its service by the signal that the release names, and waits for it', async () => {
    await start(
      `trap 'sleep 0.3; echo stopped >>$OUT; exit' HUP; echo up >>$OUT; while :; do sleep 0.05; done`,
      {
        stopSignal: 'SIGHUP',
      },
    );
    await eventually(async () => (await out()).includes('up'));
    await keeper.stop();
    expect(await out()).to.deep.equal(['up', 'stopped']);
    expect(processesIn(dir)).to.deep.equal([]);
  });

  it('kills what is left after the grace, children that ignore the signal included', async () => {
    await start(`trap '' TERM; (while :; do sleep 0.05; done) & echo up >>$OUT; wait`, { graceMs: 200 });
    await eventually(async () => (await out()).includes('up'));
    await keeper.stop();
    expect(processesIn(dir)).to.deep.equal([]);
  });

  it('starts its service again after pauses that grow, and records how it ended', async () => {
    await start(`date +%s%3N >>$OUT; test $(wc -l <$OUT) -gt 3 || exit 3; kill -SEGV $$`);
    await eventually(() => (keeper.observe()?.exits ?? 0) >= 4, { everyMs: 5 });
    const times = (await out()).slice(0, 4).map(Number);
    const pauses = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    // Timers are never early; a busy machine makes them late.
    for (const [index, least] of [200, 400, 800].entries()) expect(pauses[index]).to.be.at.least(least - 5);
    expect(keeper.observe()).to.include({ dir: '1', running: false, lastExit: 'killed by SIGSEGV' });
  });

  it('records a program that cannot be started, and goes on trying', async () => {
    await start('exit 0');
    await keeper.stop();
    const path = join(dir, 'nowhere');
    const release = { dir: '2', path, app: 'web' as AppName, config: {}, env: 'test', order: 2 };
    const id = { version: '2' as ReleaseVersion, digest: 'sha256:00' as Digest };
    const service = { kind: 'process', command: ['./gone'], stopSignal: 'SIGTERM', graceMs: 100 } as const;
    await keeper.start({ ...release, release: id, spec: staticReleaseSpec }, service, {}, undefined);
    await eventually(() => (keeper.observe()?.exits ?? 0) >= 2);
    expect(keeper.observe()?.lastExit).to.match(/could not be started: .*ENOENT/);
  });

  it('leaves no zombies, and no process of a service that has ended', async () => {
    await start('sleep 100 & echo $! >>$OUT; exit 1');
    await eventually(() => (keeper.observe()?.exits ?? 0) >= 3);
    const status = JSON.parse(await readFile(join(dir, 'service/status.json'), 'utf8')) as {
      shim: { pid: number };
    };
    await eventually(
      () => !processes().some(({ parent, state }) => parent === status.shim.pid && state === 'Z'),
      {
        what: 'every child of the shim to be waited for',
      },
    );
    const left = (await out()).slice(0, 3).map(Number);
    await eventually(() => !processes().some(({ pid, state }) => left.includes(pid) && state !== 'Z'), {
      what: 'what the service left behind to be gone',
    });
  });

  it('tells who of the host belongs to its service', async () => {
    await start('sleep 100 & echo $! >>$OUT; wait');
    const child = await eventually(async () => Number((await out())[0]));
    const main = Number(keeper.observe()?.main?.split('.')[0]);
    expect(keeper.members()).to.include.members([main, child]).and.not.include(process.pid);
    await keeper.stop();
    expect(keeper.members()).to.deep.equal([]);
  });
});
