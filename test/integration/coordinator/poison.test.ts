import { expect } from 'chai';
import { eventually } from '../../support/eventually.js';
import { failureOf } from './polls-fixture.js';
import { digestOf, Services, specOf } from './services.js';

const production = { app: 'web', env: 'production' };
const staging = { app: 'web', env: 'staging' };
const spec = specOf({ staging: 'env=staging', production: 'env=production' }, 'budget: { failed: 50% }');

/** Two nodes in staging and one in production that run 1.0.0; 2.0.0 fails wherever it is tried. */
async function fleet(poisonAfter: number) {
  const services = await Services.start({ poisonAfter });
  await services.apply(spec);
  const agents = [
    services.agent('s-1', { labels: { env: 'staging' } }),
    services.agent('s-2', { labels: { env: 'staging' } }),
    services.agent('p-1'),
  ];
  await services.connected(...agents);
  await services.register('1.0.0');
  for (const env of ['staging', 'production']) await services.ended(await services.deploy('1.0.0', env));
  await services.register('2.0.0');
  const fail = (broken: boolean): void => {
    for (const agent of agents)
      agent.behave(({ release }) => (broken && release.version === '2.0.0' ? 'turnedBack' : 'healthy'));
  };
  fail(true);
  const poisoned = async () => (await services.client.call('ListPoison', {})).poison;
  return { services, poisoned, fail };
}

describe('poison memory', () => {
  it('refuses content that failed on enough nodes, in every environment and under any version', async () => {
    const { services, poisoned } = await fleet(2);
    await services.ended(await services.deploy('2.0.0', 'staging'));
    await eventually(async () => (await poisoned()).length === 1);
    const [poison] = await poisoned();
    expect(poison).to.include({ app: 'web', digest: digestOf('2.0.0') });
    expect(poison?.evidence.map(({ node, env, version, step }) => [node, env, version, step])).to.deep.equal([
      ['s-1', 'staging', '2.0.0', 'check'],
      ['s-2', 'staging', '2.0.0', 'check'],
    ]);
    await services.register('2.0.1', '2.0.0'); // the same content
    await services.restart();
    for (const [method, version] of [
      ['Deploy', '2.0.0'],
      ['Deploy', '2.0.1'],
      ['Stage', '2.0.0'],
      ['Rollback', '2.0.0'],
    ] as const) {
      const refused = await failureOf(services.client.call(method, { ...production, version }));
      expect(refused.code, method).to.equal('refused');
      expect(refused.message).to.match(
        /is poisoned since 20.*its content failed on 2 nodes: s-1 \(staging, check: /,
      );
      expect(refused.hint).to.contain(`capstan poison forgive ${digestOf('2.0.0')} --reason`);
    }
    const { poison: shown } = await services.client.call('GetRelease', { app: 'web', version: '2.0.0' });
    expect(shown?.evidence).to.have.length(2);
    const told = (await services.events()).filter(({ kind }) => kind === 'release.poisoned');
    expect(told.map(({ message }) => message).join()).to.contain('refused everywhere: it failed on 2 nodes');
  });

  it('forgets what is forgiven, with a reason, and counts anew', async () => {
    const { services, poisoned, fail } = await fleet(2);
    await services.ended(await services.deploy('2.0.0', 'staging'));
    await eventually(async () => (await poisoned()).length === 1);
    const digest = digestOf('2.0.0').slice(0, 19);
    const silent = await failureOf(services.client.call('ForgivePoison', { digest, reason: ' ' }));
    expect(silent.code).to.equal('invalid');
    const other = await failureOf(
      services.client.call('ForgivePoison', { digest: '0123456789', reason: 'x' }),
    );
    expect(other.code).to.equal('notFound');
    const forgiven = await services.client.call('ForgivePoison', { digest, reason: 'the database was away' });
    expect(forgiven.evidence).to.have.length(2);
    expect(await poisoned()).to.deep.equal([]);
    const told = (await services.events()).find(({ kind }) => kind === 'release.forgiven');
    expect(told).to.include({ actor: 'tester', reason: 'the database was away' });
    await services.ended(await services.deploy('2.0.0'));
    expect(await poisoned(), 'one node more is not two').to.deep.equal([]);
    fail(false);
    expect((await services.ended(await services.deploy('2.0.0', 'staging'))).status).to.equal('succeeded');
  });

  it('counts nodes and not failures', async () => {
    const { services, poisoned } = await fleet(2);
    for (let time = 0; time < 2; time++) await services.ended(await services.deploy('2.0.0'));
    expect(await poisoned()).to.deep.equal([]);
    await services.ended(await services.deploy('2.0.0', 'staging'));
    await eventually(async () => (await poisoned()).length === 1);
    expect((await poisoned())[0]?.evidence.map(({ node }) => node)).to.include('p-1');
    const refused = await failureOf(services.client.call('Deploy', { ...staging, version: '2.0.0' }));
    expect(refused.code).to.equal('refused');
  });

  it('says with which values content failed, and what to do where others would go out now', async () => {
    const { services, poisoned } = await fleet(2);
    const staged = (mode: string) =>
      services.apply(spec.replace('"env=staging"', `env=staging\n      config: { MODE: ${mode} }`));
    await staged('bad');
    await services.ended(await services.deploy('2.0.0', 'staging'));
    await eventually(async () => (await poisoned()).length === 1);
    expect((await poisoned())[0]?.evidence.map(({ config }) => config)).to.deep.equal([2, 2]);
    const same = await failureOf(services.client.call('Deploy', { ...staging, version: '2.0.0' }));
    expect(same.message).to.match(/s-2 \(.*\), each time with config 2 of staging\.$/);
    expect(same.hint).to.contain('Mend it and publish it under a new version');
    await staged('good');
    const other = await failureOf(services.client.call('Deploy', { ...staging, version: '2.0.0' }));
    expect(other.code).to.equal('refused');
    expect(other.hint).to.equal(
      `Here it would go out with other values. If config 2 of staging was to blame, and not the release: capstan poison forgive ${digestOf('2.0.0')} --reason TEXT`,
    );
  });

  it('is told of when a rollback goes past it', async () => {
    const { services, poisoned, fail } = await fleet(2);
    fail(false);
    for (const version of ['2.0.0', '3.0.0']) {
      if (version === '3.0.0') await services.register(version);
      await services.ended(await services.deploy(version));
    }
    fail(true);
    await services.ended(await services.deploy('2.0.0', 'staging'));
    await eventually(async () => (await poisoned()).length === 1);
    const { rollout, note } = await services.client.call('Rollback', production);
    expect(rollout?.to).to.equal('1.0.0');
    expect(note).to.equal('it goes past 2.0.0, which is poisoned: `capstan poison list`');
  });

  it('is off with --poison-after 0', async () => {
    const { services, poisoned } = await fleet(0);
    await services.ended(await services.deploy('2.0.0', 'staging'));
    await services.ended(await services.deploy('2.0.0'));
    expect(await poisoned()).to.deep.equal([]);
  });
});
