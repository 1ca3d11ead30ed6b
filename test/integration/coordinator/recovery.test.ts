import { expect } from 'chai';
import type { StateStore } from '../../../coordinator/ports/state-store.js';
import { CapstanError } from '../../../shared/model/errors.js';
import type { NodeName } from '../../../shared/model/ids.js';
import { eventually } from '../../support/eventually.js';
import { failureOf, quietStatus, TestAgent } from './polls-fixture.js';
import { production, Services, specOf } from './services.js';

const diskFull = (): CapstanError =>
  new CapstanError('failed', 'The database could not be written: disk full.');

/** A database that fails, when the test says so, with the next rollout: before it is written, or after. */
class FlakyStore {
  fails: 'before' | 'after' | undefined;
  readonly generations: number[] = [];

  readonly wrap = (store: StateStore): StateStore => ({
    ...store,
    commit: async (changes) => {
      const fails = (changes.rollouts ?? []).length > 0 ? this.fails : undefined;
      if (fails !== undefined) this.fails = undefined;
      if (fails === 'before') throw diskFull();
      const events = await store.commit(changes);
      if (changes.meta !== undefined) this.generations.push(changes.meta.nextGeneration);
      if (fails === 'after') throw diskFull();
      return events;
    },
  });
}

const nodeName = (text: string): NodeName => text as NodeName;

describe('a commit that fails', () => {
  const deploy = { app: 'web', env: 'production', version: '1.0.0' };

  async function start() {
    const flaky = new FlakyStore();
    const services = await Services.start({ wrapStore: flaky.wrap });
    await services.apply(production);
    const agent = services.agent('web-1');
    await services.connected(agent);
    await services.register('1.0.0');
    return { flaky, services, agent };
  }

  it('is told to who asked, and nothing of it is told to anybody else', async () => {
    const { flaky, services, agent } = await start();
    const told = agent.told.length;
    const { length } = await services.events();
    flaky.fails = 'before';
    const failure = await failureOf(services.client.call('Deploy', { ...deploy, idempotencyKey: 'k' }));
    expect(failure.code).to.equal('failed');
    expect(failure.message).to.contain('disk full');
    expect((await services.client.call('ListRollouts', {})).rollouts).to.deep.equal([]);
    const { environments } = await services.client.call('Status', { app: 'web' });
    expect(environments[0]).to.include({ rollout: '', version: '' });
    expect(agent.told).to.have.length(told);
    expect(await services.events()).to.have.length(length);
    const answer = await services.client.call('Deploy', { ...deploy, idempotencyKey: 'k' });
    expect((await services.ended(answer.rollout?.id ?? '')).status).to.equal('succeeded');
  });

  it('that was written though nobody heard of it is carried out', async () => {
    const { flaky, services, agent } = await start();
    flaky.fails = 'after';
    const request = { ...deploy, idempotencyKey: 'k' };
    expect((await failureOf(services.client.call('Deploy', request))).code).to.equal('failed');
    await eventually(() => agent.status('web')?.current?.version === '1.0.0');
    const again = await services.client.call('Deploy', request);
    expect((await services.ended(again.rollout?.id ?? '')).status).to.equal('succeeded');
    expect((await services.client.call('ListRollouts', {})).rollouts).to.have.length(1);
    expect(flaky.generations).to.deep.equal([...flaky.generations].sort((a, b) => a - b));
  });

  it('has every agent say again how it is', async () => {
    const { flaky, services } = await start();
    const node = new TestAgent(`127.0.0.1:${services.running.agentPort}`, { name: 'web-2' });
    expect((await node.poll()).reportWanted).to.equal(true);
    await node.report(1, quietStatus);
    const { orchestrator } = services.running;
    expect(orchestrator.reportWanted(nodeName('web-2'), node.session)).to.equal(false);
    flaky.fails = 'before';
    await failureOf(services.client.call('Deploy', deploy));
    await eventually(() => orchestrator.reportWanted(nodeName('web-2'), node.session));
    await node.report(1, quietStatus);
    expect(orchestrator.reportWanted(nodeName('web-2'), node.session)).to.equal(false);
  });
});

describe('a coordinator that comes back', () => {
  it('starts nothing on a node that has not, though it was there before', async () => {
    const gated = specOf(
      { production: 'env=production' },
      'waves:\n  - { name: pilot, canary: { total: 1 }, gate: manual }\n  - { name: rest }',
    );
    const services = await Services.start();
    await services.apply(gated);
    const agents = ['web-1', 'web-2'].map((name) => services.agent(name));
    await services.connected(...agents);
    await services.register('1.0.0');
    const id = await services.deploy('1.0.0');
    const { waves } = await services.until(id, 'waiting');
    const rest = waves[1]?.nodes[0]?.name ?? '';
    await agents.find(({ name }) => name === rest)?.stop();
    await services.restart();
    await services.connected(...agents.filter(({ name }) => name !== rest));
    await services.client.call('ControlRollout', { id, approve: {} });
    expect(services.running.orchestrator.desiredStateOf(nodeName(rest)).assignments).to.deep.equal([]);
    expect((await services.client.call('Why', { subject: rest })).answer).to.contain('silent');
    services.agent(rest);
    expect((await services.ended(id)).status).to.equal('succeeded');
  });

  it('goes on with a rollout that was frozen when it went', async () => {
    const limits = { silentAfterMs: 1, massMinimum: 2, massWindowMs: 60_000 };
    const services = await Services.start({ limits });
    await services.apply(production);
    const agents = ['web-1', 'web-2', 'web-3'].map((name) => services.agent(name));
    await services.connected(...agents);
    for (const agent of agents) agent.behave(() => undefined);
    await services.register('1.0.0');
    const id = await services.deploy('1.0.0');
    await Promise.all(agents.map((agent) => agent.stop()));
    await eventually(async () => (await services.events()).some(({ kind }) => kind === 'rollout.frozen'));
    await services.restart();
    for (const { name } of agents) services.agent(name);
    expect((await services.ended(id)).status).to.equal('succeeded');
    expect((await services.events()).map(({ kind }) => kind)).to.include('rollout.thawed');
  });

  it('gives generations that only grow, over restarts and failed commits', async () => {
    const flaky = new FlakyStore();
    const services = await Services.start({ wrapStore: flaky.wrap });
    await services.apply(production);
    const agent = services.agent('web-1');
    await services.connected(agent);
    for (const version of ['1.0.0', '2.0.0', '3.0.0']) {
      await services.register(version);
      flaky.fails = 'before';
      await failureOf(services.client.call('Deploy', { app: 'web', env: 'production', version }));
      expect((await services.ended(await services.deploy(version))).status).to.equal('succeeded');
      await services.restart();
    }
    const generations = agent.told.flatMap(({ assignments }) =>
      assignments.map(({ generation }) => generation),
    );
    expect(generations).to.deep.equal([...generations].sort((a, b) => a - b));
    expect(new Set(generations).size).to.equal(3);
  });
});
