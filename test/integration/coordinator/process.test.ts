import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect } from 'chai';
import { cleanUp } from '../../support/cleanup.js';
import { eventually } from '../../support/eventually.js';
import { runProgram, startProgram } from '../../support/processes.js';
import { tempDir } from '../../support/temp-dir.js';
import { rollingSpec, startCoordinator, type TestCoordinator } from './coordinator.js';
import { FakeAgent } from './fake-agent.js';
import { failureOf } from './polls-fixture.js';

const free = [
  '--agent-listen',
  '127.0.0.1:0',
  '--operator-listen',
  '127.0.0.1:0',
  '--http-listen',
  '127.0.0.1:0',
];

describe('the coordinator as a process', function () {
  this.timeout(60_000);

  it('refuses settings that cannot be run with, exit 2', async () => {
    const dir = await tempDir();
    const everywhere = ['--data-dir', dir, '--agent-listen', '0.0.0.0:0', ...free.slice(2)];
    const nameless = await runProgram('capstan-coordinator', everywhere);
    expect(nameless.code).to.equal(2);
    expect(nameless.stderr).to.contain('--advertise');
    const open = [...free.slice(0, 4), '--http-listen', '0.0.0.0:0'];
    const remote = await runProgram('capstan-coordinator', [
      '--insecure-loopback',
      '--data-dir',
      dir,
      ...open,
    ]);
    expect(remote.code).to.equal(2);
    expect(remote.stderr).to.contain('--http-listen');
    const unknown = await runProgram('capstan-coordinator', ['--data-dirr', dir]);
    expect(unknown.code).to.equal(2);
    const help = await runProgram('capstan-coordinator', ['--help']);
    expect(help.code).to.equal(0);
    expect(help.stdout).to.contain('--poll-hold');
  });

  it('names the port that is taken and the setting that chose it, exit 1', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    cleanUp(() => void other.close());
    await once(other, 'listening');
    const address = other.address();
    if (address === null || typeof address === 'string') throw new Error('no address');
    const taken = `127.0.0.1:${address.port}`;
    for (const flag of ['--agent-listen', '--operator-listen', '--http-listen']) {
      const at = free.indexOf(flag) + 1;
      const args = free.map((arg, index) => (index === at ? taken : arg));
      const dir = await tempDir();
      const run = await runProgram('capstan-coordinator', [
        '--insecure-loopback',
        '--data-dir',
        dir,
        ...args,
      ]);
      expect(run.code).to.equal(1);
      expect(run.stderr).to.contain(String(address.port));
      expect(run.stderr).to.contain(flag);
    }
  });

  it('refuses a data directory that another process holds and names it, exit 1', async () => {
    const holder = await startCoordinator();
    const { dataDir } = holder;
    const run = await runProgram('capstan-coordinator', [
      '--insecure-loopback',
      '--data-dir',
      dataDir,
      ...free,
    ]);
    expect(run.code).to.equal(1);
    expect(run.stderr).to.contain(`pid ${holder.program().pid}`);
  });

  it('refuses the data of a newer version, exit 1', async () => {
    const dataDir = join(await tempDir(), 'data');
    await mkdir(dataDir);
    const file = new Database(join(dataDir, 'capstan.db'));
    file.exec(
      "create table meta (name text primary key, value text not null); insert into meta values ('schema', '999')",
    );
    file.close();
    const run = await runProgram('capstan-coordinator', [
      '--insecure-loopback',
      '--data-dir',
      dataDir,
      ...free,
    ]);
    expect(run.code).to.equal(1);
    expect(run.stderr).to.contain('newer version of Capstan');
  });

  it('ends in order when it is told to while it starts', async () => {
    const dir = join(await tempDir(), 'data');
    const program = startProgram('capstan-coordinator', ['--insecure-loopback', '--data-dir', dir, ...free]);
    await eventually(() => existsSync(dir), { everyMs: 1 });
    expect((await program.stop()).code).to.equal(0);
    expect(program.logs().at(-1)?.event).to.equal('stopped');
  });

  it('answers every held poll when it is told to end, and exits 0 soon', async () => {
    const coordinator = await startCoordinator();
    const agents = startAgents(coordinator, 20);
    await eventually(() => agents.every(({ idle }) => idle), { what: 'the polls to be held' });
    await allConnected(coordinator, 20);
    const began = performance.now();
    const exit = await coordinator.program().stop('SIGTERM');
    expect(exit.code).to.equal(0);
    expect(performance.now() - began).to.be.below(8000);
    for (const agent of agents) {
      await eventually(() => agent.pauses.length > 0, { what: `${agent.name} to be told to come back` });
    }
    expect(new Set(agents.map(({ pauses }) => pauses[0])).size).to.be.above(1);
    await coordinator.start();
    await allConnected(coordinator, 20);
  });

  it('starts no rollout of what its store does not have, but for nodes that have it', async () => {
    const coordinator = await startCoordinator();
    const { client, dataDir } = coordinator;
    await coordinator.apply(rollingSpec);
    startAgents(coordinator, 1);
    await allConnected(coordinator, 1);
    for (const version of ['1.0.0', '2.0.0']) await coordinator.publish(version);
    const place = { app: 'web', env: 'production' };
    const staging = await client.call('Stage', { ...place, version: '1.0.0' });
    await succeeded(coordinator, staging.rollout?.id ?? '');
    await rm(join(dataDir, 'store', 'manifests'), { recursive: true });
    for (const method of ['Deploy', 'Stage'] as const) {
      const refused = await failureOf(client.call(method, { ...place, version: '2.0.0' }));
      expect(refused.code).to.equal('refused');
      expect(refused.message).to.equal(
        'The store does not have release 2.0.0 of "web", and not every node of web/production has it.',
      );
      expect(refused.hint).to.contain('capstan publish DIR --app web --version 2.0.0');
    }
    const { rollout } = await client.call('Deploy', { ...place, version: '1.0.0' });
    await succeeded(coordinator, rollout?.id ?? '');
  });

  it('is killed in the middle of a rollout and carries on, with one answer a generation', async () => {
    const coordinator = await startCoordinator(['--start-grace', '1m']);
    const { client } = coordinator;
    await coordinator.apply(rollingSpec);
    const agents = startAgents(coordinator, 6);
    await allConnected(coordinator, 6);
    await deployAndWait(coordinator, '1.0.0');

    await coordinator.publish('2.0.0');
    const request = { app: 'web', env: 'production', version: '2.0.0', idempotencyKey: 'second' };
    const first = await client.call('Deploy', request);
    const id = first.rollout?.id ?? '';
    for (const healthy of [1, 3, 5]) {
      await eventually(async () => (await client.call('GetRollout', { id })).healthy >= healthy);
      await coordinator.kill();
      await coordinator.start();
    }
    const again = await client.call('Deploy', request);
    expect(again.rollout?.id).to.equal(id);
    await succeeded(coordinator, id);
    expect(agents.map((agent) => agent.status('web')?.current?.version)).to.deep.equal(
      agents.map(() => '2.0.0'),
    );
    for (const { told } of agents) {
      const byGeneration = new Map<number, string>();
      let highest = 0;
      for (const { revision, assignments } of told) {
        expect(revision).to.be.at.least(highest);
        highest = revision;
        for (const assignment of assignments) {
          const text = JSON.stringify({ ...assignment, release: assignment.release.digest });
          expect(byGeneration.get(assignment.generation) ?? text).to.equal(text);
          byGeneration.set(assignment.generation, text);
        }
      }
    }
    const { rollouts } = await client.call('ListRollouts', { app: 'web', env: 'production' });
    expect(rollouts).to.have.length(2);
  });

  it('gives events positions without gaps, over restarts', async () => {
    const coordinator = await startCoordinator();
    await coordinator.apply(rollingSpec);
    startAgents(coordinator, 2);
    await allConnected(coordinator, 2);
    await coordinator.kill();
    await coordinator.start();
    await deployAndWait(coordinator, '1.0.0');
    const positions: number[] = [];
    for await (const event of coordinator.client.stream('ListEvents', {}, { deadlineMs: 10_000 })) {
      positions.push(Number(event.position));
    }
    expect(positions.length).to.be.above(3);
    expect(positions).to.deep.equal(positions.map((_, at) => at + 1));
  });
});

function startAgents({ agentAddress }: TestCoordinator, count: number): readonly FakeAgent[] {
  return Array.from(
    { length: count },
    (_, at) =>
      new FakeAgent({
        address: agentAddress,
        name: `web-${at}`,
        labels: { env: 'production', zone: at % 2 === 0 ? 'a' : 'b' },
      }),
  );
}

async function allConnected({ client }: TestCoordinator, count: number): Promise<void> {
  await eventually(
    async () => {
      const { nodes } = await client.call('ListNodes', {});
      return nodes.filter(({ liveness }) => liveness === 'connected').length === count;
    },
    { what: `${count} nodes to be connected`, timeoutMs: 20_000 },
  );
}

async function deployAndWait(coordinator: TestCoordinator, version: string): Promise<void> {
  await coordinator.publish(version);
  const answer = await coordinator.client.call('Deploy', { app: 'web', env: 'production', version });
  await succeeded(coordinator, answer.rollout?.id ?? '');
}

async function succeeded({ client }: TestCoordinator, id: string): Promise<void> {
  await eventually(
    async () => {
      const { status, reason } = await client.call('GetRollout', { id });
      if (status !== 'succeeded') throw new Error(`${status}: ${reason}`);
      return true;
    },
    { what: `rollout ${id} to succeed`, timeoutMs: 20_000 },
  );
}
