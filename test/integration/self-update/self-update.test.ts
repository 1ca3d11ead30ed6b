import { chmod, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { packageVersion } from '../../../shared/io/package-root.js';
import type { Assignment } from '../../../shared/model/desired-state.js';
import { agentApp } from '../../../shared/model/ids.js';
import type { AppStatus } from '../../../shared/model/node-status.js';
import type { ReleaseRef } from '../../../shared/model/release.js';
import { eventually } from '../../support/eventually.js';
import { type Files, makeNode, type Node, serverFiles } from '../agent/harness.js';
import { AgentUnit, agentFiles } from './agent-unit.js';

describe('an agent that is updated by itself', function () {
  this.timeout(60_000);
  let node: Node;
  let unit: AgentUnit;
  let web: Assignment;
  let webPid: number;
  let generation: number;

  beforeEach(async () => {
    node = await makeNode();
    unit = await AgentUnit.start(node);
    const release = await node.release('web-1', serverFiles('1'));
    await node.coordinator.settled('web', node.deploy(release));
    web = node.assignment(release, 1);
    webPid = (await node.service()).pid;
    generation = 1;
  });
  // Whatever becomes of the agent.
  afterEach(async () => {
    expect((await node.service()).pid, 'the process of the application').to.equal(webPid);
    expect(await node.ask()).to.equal('1');
  });

  const want = (release: ReleaseRef, more: Partial<Assignment> = {}): Promise<AppStatus> => {
    generation += 1;
    const own = node.assignment(release, generation, { app: agentApp, ...more });
    node.coordinator.want([web, own], [`file:${join(node.dir, 'store')}`]);
    return node.coordinator.settled(agentApp, generation, 20_000);
  };
  const agentRelease = async (version: string, more?: Files): Promise<ReleaseRef> =>
    node.release(version, await agentFiles(version, more));
  const version = (): string | undefined => node.coordinator.reports.at(-1)?.agentVersion;

  it('runs what was deployed, begins nothing else before that has proved itself, goes on where it is killed, and gives way to what was installed when that is removed', async () => {
    const second = await agentRelease('2.0.0');
    const activation = { drain: false, restart: false, minHealthyTimeMs: 1500, healthDeadlineMs: 10_000 };
    const staged = await node.release('web-2', serverFiles('2'));
    const first = want(second, { activation });
    await eventually(() => version() === '2.0.0', { timeoutMs: 10_000 });
    const other = node.assignment(staged, 100, { intent: 'stage' });
    const own = node.assignment(second, generation, { app: agentApp, activation });
    node.coordinator.want([other, own], [`file:${join(node.dir, 'store')}`]);
    await eventually(() => node.coordinator.latest('web')?.note.includes('this agent is new') === true);
    expect(await first).to.include({ phase: 'healthy', health: 'healthy' });
    await node.coordinator.settled('web', 100);
    const begun = unit.program
      .logs()
      .filter(({ event, step }) => event === 'step.begin' && step !== 'rejoin')
      .map(({ app, step }) => `${String(app)} ${String(step).split(' ')[0] ?? ''}`);
    expect(begun).to.deep.equal([`${agentApp} start`, `${agentApp} check`, 'web stage']);
    web = other;
    generation = 100;
    expect(await unit.current()).to.match(/^releases\/2\.0\.0-/);
    const proven = async (): Promise<string> =>
      `releases/${(await readFile(join(unit.updates, 'proven'), 'utf8')).trim()}`;
    expect(await proven()).to.equal(await unit.current());

    // Killed before each step from the one that stops nothing to the proof; whoever is started goes on.
    const third = await agentRelease('3.0.0');
    const kills = ['stop', 'swap', 'start', 'check'].map(async (step) => {
      await eventually(
        () => unit.program.logs().some((line) => String(line['step']).split(' ')[0] === step),
        { timeoutMs: 20_000, everyMs: 5, what: step },
      );
      unit.program.kill('SIGKILL');
    });
    const status = await want(third);
    await Promise.all(kills);
    expect(['healthy', 'turnedBack'], JSON.stringify(status)).to.include(status.phase);
    const running = status.phase === 'healthy' ? '3.0.0' : '2.0.0';
    await eventually(() => version() === running);
    expect(await proven()).to.equal(await unit.current());

    expect((await want(third, { intent: 'remove' })).phase).to.equal('removed');
    await eventually(() => version() === packageVersion());
    expect(await unit.current()).to.equal(undefined);
  });

  it('is put back when its successor ends at once, and says so of that generation', async () => {
    const broken = await agentRelease('2.0.0', {
      'bin/capstan-agent': '#!/bin/sh\n[ "$1" = --version ]\n',
    });
    const status = await want(broken);
    expect(status.phase).to.equal('failed');
    expect(status.failure?.reason).to.include('was started 2 times and ended before it had proved itself');
    expect(version()).to.equal(packageVersion());
    expect(await unit.current()).to.equal(undefined);
    // The same desired state again changes nothing: a retry is a new generation (nomad#3496).
    const starts = unit.programs.length;
    await unit.program.stop('SIGKILL');
    await eventually(() => unit.programs.length > starts && unit.program.stdout().includes('listening'));
    expect(await unit.current()).to.equal(undefined);
    expect(node.coordinator.latest(agentApp)).to.include({ phase: 'failed', generation });
  });

  it('turns back when it cannot read what the one before has written, and takes the same release when it can', async () => {
    await writeFile(join(node.dir, 'state/journal/other.jsonl'), '{"record":{"format":2}}\n');
    const activation = { drain: false, restart: false, minHealthyTimeMs: 0, healthDeadlineMs: 1000 };
    const release = await agentRelease('2.0.0');
    const status = await want(release, { activation });
    expect(status.failure?.reason).to.include('it cannot read the journal of other');
    await eventually(() => version() === packageVersion());
    await rm(join(node.dir, 'state/journal/other.jsonl'));
    expect((await want(release)).phase).to.equal('healthy');
    await eventually(() => version() === '2.0.0');
  });

  it('turns back by itself when it cannot poll, says why, and starts applications meanwhile that are down', async () => {
    expect((await want(await agentRelease('2.0.0'))).phase).to.equal('healthy');
    const files = await agentFiles('3.0.0');
    const deaf = await agentRelease('3.0.0', {
      'bin/real': files['bin/capstan-agent'] ?? '',
      'bin/capstan-agent': `#!/bin/sh
[ "$1" = --version ] && exit 0
for word; do
  shift
  if [ "$word" = ${node.coordinator.address} ]; then word=127.0.0.1:9; fi
  set -- "$@" "$word"
done
exec "$(dirname "$0")/real" "$@"
`,
    });
    const activation = { drain: false, restart: false, minHealthyTimeMs: 0, healthDeadlineMs: 4000 };
    const settled = want(deaf, { activation });
    await eventually(async () => (await unit.current())?.startsWith('releases/3.0.0-') === true);
    await eventually(() => unit.program.logs().some(({ event }) => event === 'coordinator.unreachable'));
    // As after a reboot in the middle of it.
    const { shim, pid } = await node.service();
    for (const each of [shim, pid]) process.kill(each, 'SIGKILL');
    unit.program.kill('SIGKILL');
    await eventually(async () => (await node.ask()) === '1', { timeoutMs: 10_000 });
    expect(await unit.current()).to.match(/^releases\/3\.0\.0-/);
    webPid = (await node.service()).pid;
    const status = await settled;
    expect(status.phase, JSON.stringify(status)).to.equal('turnedBack');
    expect(status.failure?.reason).to.match(
      /not healthy within 4s: no coordinator has answered it: .*127\.0\.0\.1:9/,
    );
    expect(version()).to.equal('2.0.0');
    expect(await unit.current()).to.match(/^releases\/2\.0\.0-/);
  });

  it('gives way to what was installed when its files are damaged later, tells of it, and takes another release', async () => {
    const second = await agentRelease('2.0.0');
    expect((await want(second)).phase).to.equal('healthy');
    const live = await unit.current();
    const program = join(unit.updates, live ?? '', 'dist/capstan-agent.cjs');
    await chmod(program, 0o644);
    await truncate(program, 10_000);
    await unit.program.stop('SIGKILL');
    await eventually(() => version() === packageVersion(), { timeoutMs: 20_000 });
    const own = (): AppStatus | undefined => node.coordinator.latest(agentApp);
    await eventually(() => own()?.health === 'unhealthy');
    expect(own()?.note).to.include('it was started 3 times without coming up');
    expect(await unit.current()).to.equal(live);

    expect((await want(await agentRelease('3.0.0'))).phase).to.equal('healthy');
    await eventually(() => version() === '3.0.0');
    const back = await want(second);
    expect(back, JSON.stringify(back)).to.include({ phase: 'healthy', health: 'healthy' });
    await eventually(() => version() === '2.0.0');
  });
});
