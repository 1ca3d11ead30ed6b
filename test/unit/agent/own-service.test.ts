import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { OwnService, type OwnServiceOptions } from '../../../agent/io/self/own-service.js';
import { updateFiles } from '../../../agent/io/self/update-files.js';
import { parseUnitState } from '../../../agent/io/services/systemd/unit-state.js';
import type { RunnableRelease } from '../../../agent/ports/node.js';
import { systemClock } from '../../../shared/io/clock.js';
import { type AppName, agentApp, type Digest, type ReleaseVersion } from '../../../shared/model/ids.js';
import { type ReleaseSpec, staticReleaseSpec } from '../../../shared/model/release-spec.js';
import { tempDir } from '../../support/temp-dir.js';

describe('the agent as a service of itself', () => {
  let updates: string;
  let watchLoad: string;
  let ends: string[];
  let stopping: AbortController;

  beforeEach(async () => {
    updates = join(await tempDir(), 'updates');
    watchLoad = 'loaded';
    ends = [];
    stopping = new AbortController();
  });

  const open = (more: Partial<OwnServiceOptions> = {}): OwnService =>
    new OwnService({
      ...{ updates, files: updateFiles(updates), running: undefined, clock: systemClock },
      systemd: {
        show: (unit) => Promise.resolve(parseUnitState(unit, `LoadState=${watchLoad}\n`)),
        journal: () => Promise.resolve(''),
      },
      unready: () => '',
      changing: () => [],
      end: (why) => {
        ends.push(why);
        stopping.abort();
      },
      signal: stopping.signal,
      ...more,
    });
  const release = async (dir: string, spec: Partial<ReleaseSpec> = {}): Promise<RunnableRelease> => {
    const path = join(updates, 'releases', dir);
    await mkdir(join(path, 'bin'), { recursive: true });
    await writeFile(join(path, 'bin/capstan-agent'), '', { mode: 0o755 });
    return {
      ...{ dir, path, app: agentApp, order: 0, config: {}, env: 'test' },
      release: { version: dir as ReleaseVersion, digest: `sha256:${'0'.repeat(64)}` as Digest },
      spec: { ...staticReleaseSpec, service: { kind: 'agent' }, ...spec },
    };
  };
  const point = async (dir: string): Promise<void> => {
    await mkdir(updates, { recursive: true });
    await symlink(`releases/${dir}`, join(updates, 'current'));
  };
  const failure = (run: Promise<unknown>): Promise<string> =>
    run.then(
      () => 'nothing failed',
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );

  it('refuses, before anything is changed, what could not be started or put back', async () => {
    const own = open();
    const good = await release('2');
    expect(await own.preflight(good)).to.equal('');
    expect(await own.preflight(await release('2', { service: { kind: 'none' } }))).to.include(
      'service: agent',
    );
    expect(await own.preflight(await release('2', { swap: 'exchange' }))).to.include('swap: exchange');
    await writeFile(join(good.path, 'bin/capstan-agent'), '');
    watchLoad = 'not-found';
    expect(await own.preflight(good)).to.equal(
      'nobody would put the agent back: there is no unit capstan-agent-watch.service on this host',
    );
    expect(await own.preflight({ ...good, path: dirname(good.path) })).to.include('cannot be executed');
  });

  it('tells the watch how long to wait, and forgets what became of an earlier try', async () => {
    await point('2');
    await writeFile(join(updates, 'put-back'), '2\nit hung\n');
    const own = open();
    expect(own.observe()).to.include({ dir: '2', over: true, lastExit: 'it hung' });
    expect(await failure(own.start(await release('2')))).to.equal('it hung');
    expect(await own.preflight(await release('2'), 60_000)).to.equal('');
    expect(await readFile(join(updates, 'deadline'), 'utf8')).to.equal('65\n');
    expect(own.observe()).to.equal(undefined);
    expect(open().observe()).to.equal(undefined);
  });

  it('lets other applications come to their end, and then ends for its successor', async () => {
    await point('2');
    let asked = 0;
    const busy = (): readonly AppName[] => {
      asked += 1;
      expect(ends).to.deep.equal([]);
      return asked < 3 ? ['web' as AppName] : [];
    };
    await failure(open({ running: '1', changing: busy }).start(await release('2')));
    expect(asked).to.equal(3);
    expect(ends).to.deep.equal(['2 takes over']);
  });

  it('does not end where nobody would start the release that is wanted', async () => {
    await point('1');
    expect(await failure(open({ running: '1' }).start(await release('2')))).to.include('does not lead to');
    expect(ends).to.deep.equal([]);
  });

  it('is on trial until it has passed its check, and from then on not judged by whether a coordinator answers (elastic#15557)', async () => {
    let unready = 'no coordinator has answered it';
    const own = open({ running: '2', unready: () => unready });
    expect(own.observe()).to.include({ running: true, unready });
    unready = '';
    expect(own.observe()).not.to.have.property('unready');
    const { trial } = own;
    expect(trial).not.to.equal(undefined);
    await own.proved(await release('2'));
    await trial;
    expect(own.trial).to.equal(undefined);
    expect(open({ running: '2', unready: () => 'away' }).observe()).not.to.have.property('unready');
  });

  it('is started anew when it is told to stop and start', async () => {
    await point('2');
    const own = open({ running: '2' });
    await own.start(await release('2'));
    expect(ends).to.deep.equal([]);
    await own.stop();
    await failure(own.start(await release('2')));
    expect(ends).to.deep.equal(['2 takes over']);
  });

  it('has the launcher forget its starts once it is up, but not those of one that has yet to prove itself', async () => {
    await point('2');
    const starts = (): Promise<string> => readFile(join(updates, 'starts'), 'utf8').catch(() => '');
    await writeFile(join(updates, 'starts'), '2\n');
    const own = open({ running: '2' });
    await own.up();
    expect(await starts()).to.equal('2\n');
    await own.proved(await release('2'));
    expect(await starts()).to.equal('');
    await writeFile(join(updates, 'starts'), '2\n');
    await open({ running: '2' }).up();
    expect(await starts()).to.equal('');
  });

  it('tells what is live and damaged for as long as it is live, and does not start it meanwhile', async () => {
    await point('2');
    await writeFile(join(updates, 'put-back'), '2\nit is damaged\n');
    const own = open();
    expect(await own.preflight(await release('3'), 60_000)).to.equal('');
    expect(own.observe()).to.include({ dir: '2', over: true, lastExit: 'it is damaged' });
    expect(await failure(own.start(await release('2')))).to.equal('it is damaged');
    expect(open().observe()).to.include({ dir: '2', over: true });
    await own.stop();
    expect(open().observe()).to.equal(undefined);
  });
});
