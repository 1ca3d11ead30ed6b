import { mkdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { cleanUp } from '../../support/cleanup.js';
import { eventually } from '../../support/eventually.js';
import { runProgram } from '../../support/processes.js';
import { gone, isAlive, makeNode, type Node, serverFiles } from './harness.js';

describe('an agent that is killed', () => {
  let node: Node;
  beforeEach(async () => {
    node = await makeNode();
    await node.start();
  });
  const kill = async (): Promise<void> => {
    node.agent().kill('SIGKILL');
    await node.agent().exited;
  };

  const secondAgent = ({
    stateDir,
    root,
  }: {
    readonly stateDir: string;
    readonly root: string;
  }): ReturnType<typeof runProgram> => {
    const args = ['--insecure-loopback', '--name', 'n2', '--coordinator', node.coordinator.address];
    const places = ['--state-dir', stateDir, '--root', root, '--listen', '127.0.0.1:0'];
    return runProgram('capstan-agent', [...args, ...places]);
  };

  it('leaves the service alone, finds it again, and is ready at once', async () => {
    await node.coordinator.settled('web', node.deploy(await node.release('1', serverFiles('1'))));
    const before = await node.service();
    await kill();
    expect(isAlive(before.pid)).to.equal(true);
    await node.start();
    expect(await node.ready(), 'an agent that restarts takes nothing out of service').to.equal(200);
    expect(await node.service()).to.deep.equal(before);
    await node.agent().stop('SIGTERM');
    expect((await node.agent().exited).code).to.equal(0);
    expect(isAlive(before.pid)).to.equal(true);
  });

  it('goes on where it was when it is killed in any step of an activation', async () => {
    await node.coordinator.settled('web', node.deploy(await node.release('1', serverFiles('1'))));
    const activation = { drain: true, restart: false, minHealthyTimeMs: 300, healthDeadlineMs: 8000 };
    for (const [index, step] of ['stage', 'drain', 'stop', 'swap', 'start', 'check'].entries()) {
      const version = String(index + 2);
      const release = await node.release(version, serverFiles(version));
      const before = node.agent().logs().length;
      const generation = node.deploy(release, { activation });
      await eventually(() =>
        node
          .agent()
          .logs()
          .slice(before)
          .some((line) => line.event === 'step.begin' && String(line['step']).startsWith(step)),
      );
      await kill();
      await node.start();
      if (step === 'drain')
        expect(await node.ready(), 'the drain is restored before it listens').to.equal(503);
      const status = await node.coordinator.settled('web', generation);
      expect(status, `killed in ${step}`).to.include({ phase: 'healthy', ready: true });
      expect(await node.ask()).to.equal(version);
    }
  }).timeout(60_000);

  it('reports at once that it was interrupted', async () => {
    const slow = serverFiles('1', { spec: 'hooks: { preflight: { run: [bin/slow] } }' });
    const generation = node.deploy(await node.release('1', { ...slow, 'bin/slow': '#!/bin/sh\nsleep 1\n' }));
    await node.agent().waitFor('step.begin', (line) => line['step'] === 'hook preflight');
    await kill();
    await node.start();
    await eventually(() => node.coordinator.latest('web')?.note.includes('interrupted in preflight'));
    expect(await node.coordinator.settled('web', generation)).to.include({ phase: 'healthy', note: '' });
  });

  it('does not run a hook again that must not be repeated (codedeploy#356)', async () => {
    await node.coordinator.settled('web', node.deploy(await node.release('1', serverFiles('1'))));
    const once = serverFiles('2', { spec: 'hooks: { beforeStart: { run: [bin/once], idempotent: false } }' });
    const script =
      '#!/bin/sh\necho "$CAPSTAN_ATTEMPT $CAPSTAN_RELEASE $CAPSTAN_PREVIOUS" >> ../../ran\nsleep 1\n';
    const generation = node.deploy(await node.release('2', { ...once, 'bin/once': script }));
    await eventually(() => readFile(join(node.home, 'ran'), 'utf8'));
    await kill();
    await node.start();
    const status = await node.coordinator.settled('web', generation);
    expect(status.phase).to.equal('turnedBack');
    expect(status.failure?.reason).to.include('interrupted');
    expect(await readFile(join(node.home, 'ran'), 'utf8')).to.equal('1 2 1\n');
    expect(await node.ask()).to.equal('1');
  });

  it('starts the service again when its keeper and itself were killed', async () => {
    await node.coordinator.settled('web', node.deploy(await node.release('1', serverFiles('1'))));
    const { shim, pid } = await node.service();
    process.kill(shim, 'SIGKILL');
    await gone(shim);
    await eventually(async () => (await node.service()).shim !== shim);
    await gone(pid);
    await eventually(async () => (await node.ask()) === '1' && (await node.ready()) === 200);
  });

  it('works with the coordinator away, and comes back to it', async () => {
    await node.coordinator.settled('web', node.deploy(await node.release('1', serverFiles('1'))));
    const port = Number(node.coordinator.address.split(':')[1]);
    node.coordinator.stop();
    await node.agent().waitFor('coordinator.unreachable');
    await kill();
    await node.start();
    expect(await node.ready()).to.equal(200);
    await node.coordinator.start(port);
    const generation = node.deploy(await node.release('2', serverFiles('2')));
    expect((await node.coordinator.settled('web', generation)).phase).to.equal('healthy');
  });

  it('removes what it was writing when it was killed', async () => {
    await kill();
    const half = join(node.dir, 'state/desired.json.0123456789ab.tmp');
    await writeFile(half, '{"revi');
    await node.start();
    expect(await readFile(half, 'utf8').catch(() => 'gone')).to.equal('gone');
  });

  it('finds what an agent of before kept, which noted the id of the kernel alone', async () => {
    await node.coordinator.settled('web', node.deploy(await node.release('1', serverFiles('1'))));
    const before = await node.service();
    await kill();
    for (const file of ['status.json', 'shim.json']) {
      const path = join(node.dir, 'state/services/web', file);
      await writeFile(path, (await readFile(path, 'utf8')).replace(/("bootId":"[0-9a-f-]+)\.\d+"/g, '$1"'));
    }
    await node.start();
    expect(await node.ready()).to.equal(200);
    expect((await node.service()).pid).to.equal(before.pid);
    const lock = join(node.dir, 'state/lock');
    const holder = await readlink(lock);
    await rm(lock);
    await symlink(holder.replace(/\.\d+$/, ''), lock);
    const taken = { stateDir: join(node.dir, 'state'), root: join(node.dir, 'elsewhere') };
    expect((await secondAgent(taken)).stderr).to.include('is held by another agent');
  });

  it('lets no second agent use its state directory, or its root', async () => {
    const own = { stateDir: join(node.dir, 'state'), root: join(node.dir, 'srv') };
    const other = { stateDir: join(node.dir, 'other'), root: join(node.dir, 'elsewhere') };
    for (const places of [
      { ...other, stateDir: own.stateDir },
      { ...other, root: own.root },
    ]) {
      const { code, stderr } = await secondAgent(places);
      expect(code).to.equal(1);
      expect(stderr).to.match(/^capstan-agent: The (state directory|root) \S+ is held by another agent/);
    }
  });

  it('says that its name is taken, and goes on when it is free', async () => {
    node.coordinator.conflict = true;
    await kill();
    await node.start();
    const line = await node.agent().waitFor('coordinator.refused');
    expect(line['message']).to.include('10.0.0.7');
    expect((await node.agent().stop('SIGTERM')).code).to.equal(0);
  });

  it('applies a valid change of conf.d, and refuses an invalid one with its line', async () => {
    await kill();
    await mkdir(join(node.dir, 'conf.d'), { recursive: true });
    await node.start();
    const file = join(node.dir, 'conf.d/node.yml');
    const head = 'apiVersion: capstan/v1\nkind: Node\n';
    await writeFile(file, `${head}env: { GREETING: hello }\n`);
    await node.agent().waitFor('conf.applied');
    await writeFile(file, `${head}envy: {}\n`);
    const refused = await node.agent().waitFor('conf.refused');
    expect(refused['location']).to.include({ line: 3 });
    const files = serverFiles('1', { server: 'console.log(process.env.GREETING);' });
    await node.coordinator.settled('web', node.deploy(await node.release('1', files)));
    node.coordinator.askLog({ id: 'l1', app: 'web' as never, maxBytes: 1000 });
    await eventually(() => node.coordinator.logs.some(({ text }) => text.includes('hello')));
  });
});

describe('an agent and hooks', () => {
  const withHook = async (script: string, spec: string): Promise<[Node, number]> => {
    const node = await makeNode();
    await node.start();
    const files = { ...serverFiles('1', { spec }), 'bin/hook': `#!/bin/sh\n${script}\n` };
    return [node, node.deploy(await node.release('1', files))];
  };

  it('reports a failing hook with the end of its output', async () => {
    const [node, generation] = await withHook(
      'echo no such table; exit 4',
      'hooks: { preflight: { run: [bin/hook] } }',
    );
    const status = await node.coordinator.settled('web', generation);
    expect(status.failure).to.include({ step: 'preflight', logTail: 'no such table\n' });
    expect(status.failure?.reason).to.match(/exit code 4/);
  });

  it('ends a hook that hangs and ignores SIGTERM', async () => {
    const hang = "trap '' TERM\necho $$ > ../../pid\nwhile :; do sleep 0.1; done";
    const [node, generation] = await withHook(
      hang,
      'hooks: { beforeStart: { run: [bin/hook], timeout: 200ms } }',
    );
    const status = await node.coordinator.settled('web', generation);
    expect(status).to.include({ phase: 'failed' });
    expect(status.failure?.reason).to.include('time limit of 200ms');
    await gone(Number(await readFile(join(node.home, 'pid'), 'utf8')));
  });

  it('ends what is left of a hook that ran when it was killed, before it runs it again (codedeploy#356)', async () => {
    const script = `for pid in $(cat ../../pids); do [ -e /proc/$pid/exe ] && echo $pid >> ../../two; done
echo $$ >> ../../pids
[ -e ../../away ] && exit 0
setsid sh -c 'echo $$ >> ../../pids; echo > ../../away; exec sleep 300' &
trap '' PIPE
sleep 300`;
    const [node, generation] = await withHook(script, 'hooks: { preflight: { run: [bin/hook] } }');
    await eventually(() => readFile(join(node.home, 'away')));
    node.agent().kill('SIGKILL');
    await node.agent().exited;
    await node.start();
    expect(await node.coordinator.settled('web', generation)).to.include({ phase: 'healthy' });
    expect(await readFile(join(node.home, 'two'), 'utf8').catch(() => 'never two')).to.equal('never two');
    expect((await readFile(join(node.home, 'pids'), 'utf8')).trim().split('\n')).to.have.length(3);
  });

  it('does not wait for a child that keeps the output open (codedeploy#118)', async () => {
    const fork = 'sleep 60 &\nsetsid sleep 61 &\nexit 0';
    const begun = performance.now();
    const [node, generation] = await withHook(fork, 'hooks: { preflight: { run: [bin/hook] } }');
    expect((await node.coordinator.settled('web', generation)).phase).to.equal('healthy');
    expect(performance.now() - begun).to.be.below(10_000);
  });
});

describe('an agent and static releases', () => {
  it('swaps without a gap: a reader never finds a release missing or half there', async () => {
    const node = await makeNode();
    await node.start();
    const files = (version: string) => ({ 'a.txt': version, 'deep/b.txt': version });
    await node.coordinator.settled('web', node.deploy(await node.release('v0', files('v0'))));
    const reportsBefore = node.coordinator.reports.length;
    const seen = new Set<string>();
    const reading = new AbortController();
    const reader = (async () => {
      while (!reading.signal.aborted) {
        const target = await readlink(join(node.home, 'current'));
        const [a, b] = await Promise.all(
          ['a.txt', 'deep/b.txt'].map((path) => readFile(join(node.home, target, path), 'utf8')),
        );
        expect(a).to.equal(b);
        seen.add(await readFile(join(node.home, 'current/a.txt'), 'utf8'));
      }
    })();
    cleanUp(() => {
      reading.abort();
    });
    for (const version of ['v1', 'v2', 'v3', 'v4', 'v5']) {
      const generation = node.deploy(await node.release(version, files(version)));
      const status = await node.coordinator.settled('web', generation);
      expect(status).to.include({ phase: 'healthy', ready: true });
      expect(
        node.coordinator.reports
          .slice(reportsBefore)
          .every((report) => report.apps.every(({ ready }) => ready)),
      ).to.equal(true);
      await eventually(() => seen.has(version));
    }
    reading.abort();
    await reader;
  }).timeout(40_000);
});
