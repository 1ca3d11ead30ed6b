import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Outcome } from '../../../agent/core/transitions.js';
import { hookRunner } from '../../../agent/io/hooks/hook-runner.js';
import type { Hooks, Users } from '../../../agent/ports/node.js';
import { systemClock } from '../../../shared/io/clock.js';
import { systemRandom } from '../../../shared/io/random.js';
import type { AppName, Digest, EnvName, ReleaseVersion } from '../../../shared/model/ids.js';
import { parseReleaseSpec } from '../../../shared/spec/release.js';
import { cleanUp } from '../../support/cleanup.js';
import { eventually } from '../../support/eventually.js';
import { tempDir } from '../../support/temp-dir.js';
import { gone, isAlive } from './harness.js';

const anybody: Users = { of: () => Promise.resolve(undefined) };
const environment = { PATH: process.env['PATH'] ?? '', GREETING: 'hello' };

interface Scene {
  readonly dir: string;
  readonly log: string;
  readonly hooks: Hooks;
  /** Runs a script as the hook that was asked for. */
  run(script: string, spec?: string): Promise<Outcome>;
  /** A number that a script wrote down. */
  pid(name: string): Promise<number>;
}

async function makeScene(): Promise<Scene> {
  const dir = await tempDir();
  const path = join(dir, 'release');
  await mkdir(join(path, 'bin'), { recursive: true });
  const log = join(dir, 'logs/web.hooks.log');
  const options = { logFile: log, noteFile: join(dir, 'hooks/web.json'), users: anybody };
  const hooks = hookRunner({ ...options, clock: systemClock, random: systemRandom });
  return {
    dir,
    log,
    hooks,
    run: async (script, more = 'run: [bin/hook]') => {
      await writeFile(join(path, 'bin/hook'), `#!/bin/sh\n${script}\n`);
      await chmod(join(path, 'bin/hook'), 0o755);
      const text = `apiVersion: capstan/v1\nkind: Release\nhooks: { preflight: { ${more} } }\n`;
      const release = {
        ...{ dir: '1', path, order: 1, config: {}, app: 'web' as AppName, env: 'test' as EnvName },
        release: { version: '1' as ReleaseVersion, digest: `sha256:${'0'.repeat(64)}` as Digest },
        spec: parseReleaseSpec(text, 'capstan.yml'),
      };
      return hooks.run(release, 'preflight', environment, new AbortController().signal);
    },
    pid: async (name) => Number(await readFile(join(path, name), 'utf8')),
  };
}

const reasonOf = (outcome: Outcome): string => (outcome.kind === 'failed' ? outcome.failure.reason : '');
const tailOf = (outcome: Outcome): string => (outcome.kind === 'failed' ? outcome.failure.logTail : '');

describe('the hooks of a release', () => {
  let scene: Scene;
  beforeEach(async () => {
    scene = await makeScene();
  });

  it('get what they are promised as environment, and nothing else', async () => {
    await scene.run('', 'run: [env]');
    const lines = (await readFile(scene.log, 'utf8')).split('\n').filter((line) => line.includes('='));
    const names = lines.map((line) => line.replace(/=.*/, '')).sort();
    expect(names).to.deep.equal([...Object.keys(environment), 'CAPSTAN_RUN'].sort());
  });

  it('print to one log in the order they print, also by the names of the devices', async () => {
    const outcome = await scene.run('echo a; echo b >&2; echo c >/dev/stderr; echo d >/dev/stdout; exit 3');
    expect(tailOf(outcome)).to.equal('a\nb\nc\nd\n');
    const log = await readFile(scene.log, 'utf8');
    expect(log).to.match(/^--- \S+Z hook preflight of 1\na\nb\nc\nd\n--- failed with exit code 3\n$/);
  });

  it('do not fill the disk, whatever they print; beginning and end are kept (codedeploy#64)', async () => {
    const outcome = await scene.run(
      'echo the beginning; head -c 60000000 /dev/zero | tr "\\0" "\\n"; echo the end; exit 1',
    );
    expect(tailOf(outcome)).to.match(/^\n+the end\n$/);
    expect(Buffer.byteLength(tailOf(outcome))).to.be.at.most(8192);
    const log = await readFile(scene.log, 'utf8');
    expect(log).to.match(/^--- .*\nthe beginning\n/);
    expect(log).to.match(/\n--- 592\d{5} bytes are left out here\n/);
    expect(log).to.match(/\nthe end\n--- failed with exit code 1\n$/);
    expect(log.length).to.be.at.most(800_000);
    for (let round = 0; round < 3; round++) await scene.run('head -c 700000 /dev/zero');
    const sizes = await Promise.all(
      [scene.log, `${scene.log}.1`].map(async (file) => (await stat(file)).size),
    );
    for (const size of sizes) expect(size).to.be.at.most(2_000_000);
  });

  it('are ended while they print without end, and hold up nobody', async () => {
    const outcome = await scene.run('exec yes', 'run: [bin/hook], timeout: 300ms');
    expect(reasonOf(outcome)).to.include('time limit of 300ms');
    expect(tailOf(outcome)).to.match(/^(y\n)+$/);
    expect((await stat(scene.log)).size).to.be.at.most(800_000);
  });

  it('may leave somebody who keeps their output open, even printing (codedeploy#118, #26)', async () => {
    const begun = performance.now();
    const outcome = await scene.run(
      'sleep 300 &\nsetsid sh -c "echo \\$\\$ > away; while :; do echo y; done" &\nwhile [ ! -s away ]; do :; done; exit 0',
    );
    const away = await scene.pid('away');
    cleanUp(() => {
      if (isAlive(away)) process.kill(-away, 'SIGKILL');
    });
    expect(outcome).to.deep.equal({ kind: 'done' });
    expect(performance.now() - begun).to.be.below(5_000);
    await gone(away);
  });

  it('are ended with those that have left their group when their time is over', async () => {
    const script =
      'setsid sh -c "echo \\$\\$ > away; exec sleep 300" &\nwhile [ ! -s away ]; do :; done; sleep 300';
    expect(reasonOf(await scene.run(script, 'run: [bin/hook], timeout: 1s'))).to.include('time limit');
    await gone(await scene.pid('away'));
  });

  it('say that they cannot be started', async () => {
    const outcome = await scene.run('', 'run: [bin/none]');
    expect(reasonOf(outcome)).to.match(/could not be started: .*ENOENT/);
    expect(await scene.run('echo fine')).to.deep.equal({ kind: 'done' });
  });

  it('are ended before another life of the agent does anything (codedeploy#356)', async () => {
    const script =
      'setsid sh -c "echo \\$\\$ > away; exec sleep 300" &\nsleep 300 &\necho $! > child; echo $$ > self; sleep 300';
    const running = scene.run(script);
    const pids = await eventually(async () => {
      const all = await Promise.all(['away', 'child', 'self'].map((name) => scene.pid(name)));
      return all.every((pid) => pid > 0) ? all : undefined;
    });
    // Another runner on the same note stands for the agent's next life, for which this one is as good as dead.
    const next = hookRunner({
      ...{ logFile: scene.log, noteFile: join(scene.dir, 'hooks/web.json'), users: anybody },
      ...{ clock: systemClock, random: systemRandom },
    });
    await next.endLeftovers();
    expect(reasonOf(await running)).to.match(/killed by SIGTERM/);
    await Promise.all(pids.map(gone));
  });

  it('leave alone who has the number of one that ran before a reboot', async () => {
    const note = {
      run: 'x',
      bootId: 'another',
      leader: { pid: process.pid, startTicks: '1', bootId: 'another' },
    };
    await mkdir(join(scene.dir, 'hooks'));
    await writeFile(join(scene.dir, 'hooks/web.json'), JSON.stringify(note));
    await scene.hooks.endLeftovers();
    expect(await scene.run('echo fine')).to.deep.equal({ kind: 'done' });
  });
});
