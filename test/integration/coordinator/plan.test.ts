import { expect } from 'chai';
import { weekDays } from '../../../shared/model/maintenance.js';
import { capstan } from '../../support/capstan.js';
import { failureOf } from './polls-fixture.js';
import { Services, specOf } from './services.js';

const web = { app: 'web', env: 'production' };
const zones = specOf({ production: 'env=production' }, 'waves:\n  - { name: zones, by: zone, bake: 1m }');

/** Four nodes in two zones that run 1.0.0; 2.0.0 is published. */
async function fleet(spec = zones) {
  const services = await Services.start();
  await services.apply(spec.replace('bake: 1m', 'bake: 0s'));
  const agents = ['a-1', 'a-2', 'b-1', 'b-2'].map((name) =>
    services.agent(name, { labels: { env: 'production', zone: name.slice(0, 1) } }),
  );
  await services.connected(...agents);
  await services.prove('1.0.0');
  await services.apply(spec);
  await services.register('2.0.0');
  const plan = (more: object = {}) =>
    services.client.call('Plan', { ...web, version: '2.0.0', stepMs: 10_000, ...more });
  return { services, agents, plan };
}

describe('a plan', () => {
  it('plays the deploy through on the fleet as it is, and changes nothing', async () => {
    const { services, agents, plan } = await fleet();
    const generations = agents.map((agent) => agent.status('web')?.generation);
    const before = (await services.events()).length;
    const answer = await plan();
    expect(answer).to.include({
      status: 'succeeded',
      from: '1.0.0',
      to: '2.0.0',
      nodes: 4,
      capacity: 4,
      floor: 3,
    });
    expect(answer.changes.map(({ node }) => node)).to.deep.equal(['a-1', 'a-2', 'b-1', 'b-2']);
    expect(Number(answer.durationMs)).to.equal(4 * (10_000 + Number(answer.fetchMs)) + 2 * 60_000);
    expect(answer.waves.map(({ name }) => name)).to.deep.equal(['zones/a', 'zones/b']);
    expect((await services.events()).length).to.equal(before);
    expect((await services.client.call('ListRollouts', {})).rollouts).to.have.length(1);
    expect(agents.map((agent) => agent.status('web')?.generation)).to.deep.equal(generations);
  });

  it('says where it stops if a zone fails, a share fails, or nodes are slow', async () => {
    const { plan } = await fleet();
    const failed = await plan({ fail: ['zone=b'] });
    expect(failed.status).to.equal('rolledBack');
    expect(failed.reason).to.contain('wave "zones/b" failed: node b-1 turned back');
    expect((await plan({ fail: ['25%'] })).status).to.equal('rolledBack');
    expect((await plan({ lose: ['b-2'] })).reason).to.contain('1 node of 2 lost');
    const [usual, slow] = [await plan(), await plan({ slow: 2 })];
    expect(Number(slow.changeMs)).to.equal(2 * Number(usual.changeMs));
    expect(Number(slow.durationMs)).to.be.above(Number(usual.durationMs));
  });

  it('supposes nothing of more nodes than there are', async () => {
    const { plan } = await fleet();
    expect((await plan({ fail: ['4'] })).status).to.equal('rolledBack');
    const failure = await failureOf(plan({ fail: ['99'] }));
    expect(failure).to.include({ code: 'invalid' });
    expect(failure.message).to.equal('--fail 99: the plan is of 4 nodes, and it cannot be supposed of more.');
  });

  it('foresees what nodes refuse that run only what is signed, and says what is to be done', async () => {
    const services = await Services.start();
    await services.apply(zones);
    const labels = (zone: string) => ({ env: 'production', zone });
    await services.connected(
      services.agent('a-1', { labels: labels('a') }),
      services.agent('b-1', { labels: labels('b'), signedOnly: true }),
    );
    await services.register('1.0.0');
    const answer = await services.client.call('Plan', { ...web, version: '1.0.0', stepMs: 10_000 });
    expect(answer.status).to.equal('failed');
    expect(answer.reason).to.contain(
      'node b-1 failed at verify: web 1.0.0 is not signed, and the node runs only what is',
    );
    expect(answer.remarks).to.include(
      '1 node would refuse it (b-1), since nobody has signed it; capstan release sign web@1.0.0 --key FILE does, with a key that they trust',
    );
  });

  it('goes by what the nodes took in earlier rollouts, once there are some', async () => {
    const { services, plan } = await fleet(specOf({ production: 'env=production' }));
    expect(await plan({ stepMs: 0 })).to.include({ learntFrom: 0, changeMs: '30000' });
    const staged = await services.client.call('Stage', { ...web, version: '2.0.0' });
    await services.ended(staged.rollout?.id ?? '');
    await services.ended(await services.deploy('2.0.0'));
    await services.register('3.0.0');
    const learnt = await plan({ version: '3.0.0', stepMs: 0 });
    expect(learnt.learntFrom).to.equal(4);
    expect(Number(learnt.changeMs)).to.be.below(10_000);
    expect((await plan({ version: '3.0.0' })).learntFrom).to.equal(0);
  });

  it('names the rollout under way that the deploy would replace', async () => {
    const { services, agents, plan } = await fleet();
    for (const agent of agents) agent.behave(() => undefined);
    await services.register('1.5.0');
    const id = await services.deploy('1.5.0');
    expect((await plan()).supersedes).to.equal(id);
    expect((await services.client.call('GetRollout', { id })).status).to.equal('running');
  });

  it('goes past a gate that is still closed, and says that the deploy would be refused', async () => {
    const { services, plan } = await fleet();
    const gated = zones.replace('      strategy:', '      promotion: { checks: [smoke] }\n      strategy:');
    await services.apply(gated);
    const answer = await plan();
    expect(answer.status).to.equal('succeeded');
    expect(answer.obstacles.join()).to.contain('smoke');
    const address = `127.0.0.1:${services.running.operatorPort}`;
    const words = ['plan', 'web@2.0.0', '--env', 'production'];
    const { stdout, code } = await capstan(words, { address });
    expect(stdout).to.match(
      /^web in production: .*\nA deploy would be refused now: .*smoke.*\nOnce that is settled:\n/,
    );
    expect(code, 'as the deploy itself').to.equal(4);
    const json = await capstan([...words, '--output', 'json'], { address });
    expect(JSON.parse(json.stdout)).to.include({ status: 'succeeded', deployable: false });
    expect(json.code).to.equal(4);
    await capstan(['env', 'freeze', 'web/production', '--reason', 'audit'], { address });
    const frozen = await plan();
    expect(frozen.status, 'it is of what comes after the thaw').to.equal('succeeded');
    expect(frozen.obstacles.join('; ')).to.match(/is frozen by tester.*audit.*; .*smoke/);
  });

  it('is refused where a deploy is, and where it supposes something of nobody', async () => {
    const { services, plan } = await fleet();
    expect((await failureOf(plan({ version: '7.0.0' }))).code).to.equal('notFound');
    expect((await failureOf(plan({ env: 'moon' }))).code).to.equal('notFound');
    const nobody = await failureOf(plan({ fail: ['zone=c'] }));
    expect(nobody).to.include({ code: 'invalid' });
    expect(nobody.message).to.contain('--fail zone=c: no node');
    expect((await failureOf(plan({ fail: ['zone='] }))).code).to.equal('invalid');
    expect((await failureOf(plan({ fail: ['0%'] }))).code).to.equal('invalid');
    expect((await failureOf(plan({ slow: -1 }))).code).to.equal('invalid');
    expect((await failureOf(plan({ config: 99 }))).code).to.equal('notFound');
    await services.apply(specOf({ production: 'env=nowhere' }));
    expect((await failureOf(plan())).code).to.equal('refused');
  });

  it('is refused where nobody knows when a window opens, since this Node.js does not know its time zone', async () => {
    const elsewhere = {
      timeZone: 'Mars/Olympus',
      windows: [{ days: weekDays, fromMinutes: 0, forMs: 60_000 }],
    };
    const services = await Services.start({
      wrapStore: (store) => ({
        ...store,
        load: async () => {
          const { environments, ...loaded } = await store.load();
          const moved = environments.map((env) => ({
            ...env,
            spec: { ...env.spec, maintenance: elsewhere },
          }));
          return { ...loaded, environments: moved };
        },
      }),
    });
    await services.apply(specOf({ production: 'env=production' }));
    await services.register('1.0.0');
    await services.restart();
    await services.connected(services.agent('a-1'));
    const question = { ...web, version: '1.0.0' };
    const failure = await failureOf(services.client.call('Plan', question));
    expect(failure).to.include({ code: 'refused' });
    expect(failure.message).to.match(
      /^Nobody can say how long a rollout of web\/production would take: .* time zone Mars\/Olympus the/,
    );
    expect(failure.hint).to.contain('Name another time zone');
  });

  it('sends the third of those at once away for a moment', async () => {
    const { services } = await fleet();
    const call = { ...web, version: '2.0.0' };
    const outcomes = await Promise.allSettled(
      [1, 2, 3, 4].map(() => services.client.call('Plan', call, { retry: false })),
    );
    const refused = outcomes.filter(({ status }) => status === 'rejected');
    expect(refused.length).to.be.at.most(2);
    expect((await services.client.call('Plan', call)).status).to.equal('succeeded');
  });
});

describe('capstan plan', () => {
  it('draws waves, who serves, and the order', async () => {
    const { services } = await fleet();
    const address = `127.0.0.1:${services.running.operatorPort}`;
    const words = ['plan', 'web@2.0.0', '--env', 'production', '--step', '30s'];
    const { code, stdout, stderr } = await capstan([...words, '--fail', 'zone=b'], { address });
    expect(stderr).to.equal('');
    expect(code).to.equal(0);
    expect(stdout).to.match(/^web in production: 1\.0\.0 -> 2\.0\.0\nIt would be rolled back after \d+m/);
    expect(stdout).to.match(/4 nodes; of the 4 that have a release at least 3 would serve at any time/);
    expect(stdout).to.match(/zones\/a +2 +0ms +\d+m.* passed +=+\.+/);
    expect(stdout).to.match(/zones\/b +2 .* failed +=+/);
    expect(stdout).to.match(/serving +3\+ .*[▁▂▃▄▅▆▇█]{20,}/);
    expect(stdout).to.match(/ORDER\n +0ms {2}a-1\n/);
    const json = await capstan([...words, '--output', 'json'], { address });
    const plan = JSON.parse(json.stdout) as { readonly nodes: object; readonly waves: readonly object[] };
    expect(plan.nodes).to.deep.equal({ total: 4, capacity: 4, maxUnavailable: 1, floor: 3 });
    expect(plan).to.include({ deployable: true });
    expect(plan.waves[0]).to.include({ name: 'zones/a', status: 'passed', nodes: 2, beganMs: 0 });
  });

  it('refuses what cannot be meant before it asks', async () => {
    const words = ['plan', 'web@2.0.0', '--env', 'production'];
    for (const wrong of [
      ['--fail', 'zone=='],
      ['--slow', 'much'],
      ['--step', '0s'],
      ['--slow', '0x'],
    ]) {
      const { code } = await capstan([...words, ...wrong], { address: '127.0.0.1:1' });
      expect(code, wrong.join(' ')).to.equal(2);
    }
  });
});
