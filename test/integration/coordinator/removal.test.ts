import { expect } from 'chai';
import { eventually } from '../../support/eventually.js';
import { failureOf } from './polls-fixture.js';
import { production, Services } from './services.js';

type Request = Parameters<Services['client']['call']>[1] & { readonly stop?: boolean };

const remove = (services: Services, more: Request = {}) =>
  services.client.call('RemoveApplication', { app: 'web', reason: 'replaced by shop', ...more });

const application = (services: Services) => services.client.call('GetApplication', { app: 'web' });

const removedEvents = async (services: Services) =>
  (await services.events()).filter(({ kind }) => kind === 'application.removed');

/** Until nobody knows it any more. */
const isForgotten = (services: Services) =>
  eventually(async () => (await removedEvents(services)).length > 0, { what: 'web to be forgotten' });

describe('an application that is removed', () => {
  it('is forgotten with its releases and what was recorded of them, also over a restart', async () => {
    const services = await Services.start();
    await services.apply(production);
    await services.register('1.0.0', 'one');
    await services.client.call('RecordCheck', { app: 'web', version: '1.0.0', name: 'smoke', passed: true });
    expect(await remove(services)).to.deep.equal({ leaving: [] });
    for (const restarted of [false, true]) {
      if (restarted) await services.restart();
      expect((await failureOf(application(services))).code).to.equal('notFound');
      expect((await services.client.call('Status', {})).environments).to.deep.equal([]);
      expect((await services.client.call('ListReleases', {})).releases).to.deep.equal([]);
    }
    const [event] = await removedEvents(services);
    expect(event).to.include({ app: 'web', actor: 'tester', reason: 'replaced by shop' });
    expect((await failureOf(remove(services))).code).to.equal('notFound');
    await services.apply(production);
    await services.register('1.0.0', 'another'); // a version that means nothing any more may come to mean something else
    const release = await services.client.call('GetRelease', { app: 'web', version: '1.0.0' });
    expect(release.checks).to.deep.equal([]);
  });

  it('takes along releases that were published under a slip in its name', async () => {
    const services = await Services.start();
    await services.register('1.0.0');
    expect((await failureOf(application(services))).code).to.equal('notFound');
    await remove(services);
    expect((await services.client.call('ListReleases', {})).releases).to.deep.equal([]);
  });

  it('is refused while nodes have it; with --stop they take it off, and the last ends it', async () => {
    const services = await Services.start();
    await services.apply(production);
    const agents = [services.agent('web-1'), services.agent('web-2')] as const;
    await services.connected(...agents);
    await services.prove('1.0.0');
    const failure = await failureOf(remove(services));
    expect(failure.code).to.equal('refused');
    expect(failure.message).to.equal('2 nodes still have web: web-1, web-2.');
    expect(failure.hint).to.contain('capstan app remove web --stop');
    expect((await services.client.call('Status', { app: 'web' })).environments).to.have.length(1);
    expect((await remove(services, { stop: true })).leaving).to.have.members(['web-1', 'web-2']);
    await isForgotten(services);
    for (const agent of agents) {
      const last = agent.told.flatMap(({ assignments }) => assignments).at(-1);
      expect(last).to.deep.include({ app: 'web', intent: 'remove' });
      expect(last?.activation.drain, 'out of load first').to.equal(true);
      await eventually(() => agent.told.at(-1)?.assignments.length === 0, { what: 'nothing to be wanted' });
    }
    const { nodes } = await services.client.call('ListNodes', {});
    expect(nodes.flatMap(({ apps }) => apps)).to.deep.equal([]);
    expect((await failureOf(application(services))).code).to.equal('notFound');
    expect((await services.client.call('ListReleases', {})).releases).to.deep.equal([]);
  });

  it('waits for nodes that are away or fail, and says for which, until they are decommissioned', async () => {
    const services = await Services.start();
    await services.apply(production);
    const [away, failing] = [services.agent('web-1'), services.agent('web-2')];
    await services.connected(away, failing);
    await services.prove('1.0.0');
    await away.stop();
    failing.behave(({ intent }) => (intent === 'remove' ? 'turnedBack' : 'healthy'));
    await services.restart();
    await remove(services, { stop: true });
    const failed = () =>
      eventually(async () => (await services.events()).some(({ kind }) => kind === 'node.failed'), {
        what: 'web-2 to fail',
      });
    await failed();
    await services.restart();
    const { leaving, environments } = await application(services);
    expect(leaving).to.deep.equal(['web-1', 'web-2']);
    expect(environments).to.deep.equal([]);
    const why = async (subject: string) => (await services.client.call('Why', { subject })).answer;
    expect(await why('web')).to.equal(
      'web is being removed: it waits for 2 nodes to take it off (web-1, web-2).',
    );
    await services.connected(failing);
    expect(await why('web-2')).to.match(/^web failed on web-2 at check/);
    failing.behave(() => 'healthy');
    await remove(services, { stop: true });
    await eventually(async () => (await application(services)).leaving.length === 1, { what: 'web-2 alone' });
    await services.client.call('DecommissionNode', { name: 'web-1' });
    expect(await removedEvents(services)).to.have.length(1);
  });

  it('comes back when it is applied again before all nodes have taken it off', async () => {
    const services = await Services.start();
    await services.apply(production);
    const agent = services.agent('web-1', {
      outcome: ({ intent }) => (intent === 'remove' ? undefined : 'healthy'),
    });
    await services.connected(agent);
    await services.prove('1.0.0');
    await remove(services, { stop: true });
    await services.apply(production);
    expect((await application(services)).leaving).to.deep.equal([]);
    await services.ended(await services.deploy('1.0.0'));
    expect(agent.assignment?.intent).to.equal('activate');
    expect((await services.client.call('Status', { app: 'web' })).environments[0]).to.include({ healthy: 1 });
    expect(await removedEvents(services)).to.deep.equal([]);
  });

  it('stays while an environment is locked, or a rollout is under way', async () => {
    const services = await Services.start();
    await services.apply(production);
    const scope = { app: 'web', env: 'production', reason: 'sale' };
    await services.client.call('LockEnvironment', { ...scope, kind: 'lock' });
    const locked = await failureOf(remove(services, { stop: true }));
    expect(locked.code).to.equal('refused');
    expect(locked.message).to.match(/^web cannot be removed: web\/production is locked by tester: sale\.$/);
    await services.client.call('UnlockEnvironment', { ...scope, kind: 'lock' });
    await services.connected(services.agent('web-1', { outcome: () => undefined }));
    await services.register('1.0.0');
    const id = await services.deploy('1.0.0');
    const moving = await failureOf(remove(services, { stop: true }));
    expect(moving.message).to.equal(`web cannot be removed: rollout ${id} is under way in web/production.`);
    expect(moving.hint).to.contain(`capstan rollout abort ${id}`);
  });
});
