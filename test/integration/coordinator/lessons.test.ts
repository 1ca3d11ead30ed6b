import { expect } from 'chai';
import type { StateStore } from '../../../coordinator/ports/state-store.js';
import { systemClock } from '../../../shared/io/clock.js';
import { eventually } from '../../support/eventually.js';
import { failureOf } from './polls-fixture.js';
import { production, Services, type ServicesOptions } from './services.js';

const web = { app: 'web', env: 'production' };

/** Two nodes that run 1.0.0. */
async function fleet(options: ServicesOptions = {}) {
  const services = await Services.start(options);
  await services.apply(production);
  const agents = ['web-1', 'web-2'].map((name) => services.agent(name));
  await services.connected(...agents);
  await services.prove('1.0.0');
  return { services, agents };
}

const statusIn = async (services: Services) =>
  (await services.client.call('Status', { app: 'web' })).environments[0];

describe('a coordinator: lessons paid for by others', () => {
  it('a pause does not let go of the environment (spinnaker#5545)', async () => {
    const { services, agents } = await fleet();
    for (const agent of agents) agent.behave(() => undefined);
    await services.register('2.0.0');
    const id = await services.deploy('2.0.0');
    await services.client.call('ControlRollout', { id, pause: {} });
    const refusal = await failureOf(services.client.call('Restart', web));
    expect(refusal.code).to.equal('refused');
    expect(refusal.message).to.contain(id);
    await services.restart();
    expect(await statusIn(services)).to.include({ rollout: id, rolloutStatus: 'paused' });
    await services.register('3.0.0');
    const answer = await services.client.call('Deploy', { ...web, version: '3.0.0' });
    expect(answer.superseded, 'and whoever takes it over says so').to.equal(id);
  });

  it('the last stable release is not lost when history is purged (nomad#3357, #3052)', async () => {
    const stores: StateStore[] = [];
    const { services, agents } = await fleet({
      wrapStore: (store) => {
        stores.push(store);
        return store;
      },
    });
    for (const agent of agents)
      agent.behave(({ release }) => (release.version === '1.0.0' ? 'healthy' : 'turnedBack'));
    for (const version of ['2.0.0', '2.0.1', '2.0.2']) {
      await services.register(version);
      expect((await services.ended(await services.deploy(version))).status).to.equal('rolledBack');
    }
    const now = Date.now();
    await stores.at(-1)?.prune({ rollouts: 1, answersBefore: now, eventsBefore: now, now });
    await services.restart();
    expect((await services.client.call('ListRollouts', {})).rollouts).to.have.length(1);
    expect(await statusIn(services)).to.include({ version: '1.0.0' });
    await services.register('2.0.3');
    const last = await services.ended(await services.deploy('2.0.3'));
    expect(last).to.include({ status: 'rolledBack', from: '1.0.0' });
    expect(agents.map((agent) => agent.status('web')?.current?.version)).to.deep.equal(['1.0.0', '1.0.0']);
  });

  it('clocks that are set, here or on nodes, judge no deadline (nomad alloc_runner_hooks.go)', async () => {
    let offset = 0;
    let looks = 0;
    const clock = {
      ...systemClock,
      now: () => systemClock.now() + offset,
      sleep: (ms: number, signal: AbortSignal) => {
        looks += 1;
        return systemClock.sleep(ms, signal);
      },
    };
    const { services, agents } = await fleet({ clock });
    for (const agent of agents) agent.behave(() => undefined);
    await services.register('2.0.0');
    const id = await services.deploy('2.0.0');
    await eventually(() => agents.some((agent) => agent.status('web')?.phase === 'checking'));
    offset = 30 * 86_400_000;
    const before = looks;
    await eventually(() => looks > before + 5, { what: 'a second of ticks' });
    const { status, reason } = await services.client.call('GetRollout', { id });
    expect(status, reason).to.equal('running');
  });
});
