import { expect } from 'chai';
import type { FakeAgent } from './fake-agent.js';
import { failureOf } from './polls-fixture.js';
import { Services, specOf } from './services.js';

const place = { app: 'web', env: 'production' };

const withConfig = (config: string): string =>
  specOf({ production: 'env=production' }).replace(
    '      strategy:',
    `      config: ${config}\n      strategy:`,
  );

async function fleet(config: string) {
  const services = await Services.start();
  await services.apply(withConfig(config));
  const agents = ['web-1', 'web-2'].map((name) => services.agent(name));
  await services.connected(...agents);
  return { services, agents };
}

const configsOf = (agents: readonly FakeAgent[]) => agents.map(({ assignment }) => assignment?.config);

describe('config releases', () => {
  it('are made by each change of the values, with author and time, and by nothing else (habitat#1558)', async () => {
    const { services } = await fleet('{ LEVEL: warn }');
    const changed = await services.apply(withConfig('{ LEVEL: debug, COLOUR: blue }'));
    expect(changed.changes.at(-1)?.details).to.include('config release 2, rolled out with the next deploy');
    await services.apply(withConfig('{ COLOUR: blue, LEVEL: debug }'));
    await services.apply(withConfig('{ LEVEL: error }'), true);
    await services.apply(`${withConfig('{ COLOUR: blue, LEVEL: debug }')}      join: hold\n`);
    await services.apply(withConfig('{ LEVEL: warn }'));
    await services.restart();
    const { configs } = await services.client.call('ListConfigs', place);
    expect(configs.map(({ number, createdBy, changes }) => [number, createdBy, changes])).to.deep.equal([
      [3, 'tester', ['COLOUR: "blue" → not set', 'LEVEL: "debug" → "warn"']],
      [2, 'tester', ['COLOUR: not set → "blue"', 'LEVEL: "warn" → "debug"']],
      [1, 'tester', ['LEVEL: not set → "warn"']],
    ]);
    expect(Date.parse(configs[0]?.createdAt ?? '')).to.be.closeTo(Date.now(), 60_000);
    const shown = await services.client.call('GetConfig', { ...place, number: 2 });
    expect(shown.values).to.deep.equal({ LEVEL: 'debug', COLOUR: 'blue' });
    expect((await services.client.call('GetConfig', place)).number).to.equal(3);
    const told = (await services.events()).filter(({ kind }) => kind === 'config.released');
    expect(told.map(({ actor, message }) => `${actor}: ${message}`)).to.deep.equal([
      'tester: tester made config 1 of web/production: LEVEL',
      'tester: tester made config 2 of web/production: COLOUR, LEVEL',
      'tester: tester made config 3 of web/production: COLOUR, LEVEL',
    ]);
  });

  it('roll out wave by wave with the release that runs, and are gone back to (habitat#4924)', async () => {
    const { services, agents } = await fleet('{ LEVEL: warn }');
    await services.prove('1.0.0');
    await services.apply(withConfig('{ LEVEL: debug }'));
    expect(configsOf(agents), 'a change waits for the next deploy').to.deep.equal([
      { LEVEL: 'warn' },
      { LEVEL: 'warn' },
    ]);
    const deploy = await services.client.call('Deploy', { ...place, version: '1.0.0' });
    expect(deploy.note).to.equal('config 2 goes with it; config 1 was proven last');
    expect(deploy.rollout).to.include({ from: '1.0.0', to: '1.0.0', fromConfig: 1, config: 2 });
    expect((await services.ended(deploy.rollout?.id ?? '')).status).to.equal('succeeded');
    expect(configsOf(agents)).to.deep.equal([{ LEVEL: 'debug' }, { LEVEL: 'debug' }]);
    const { environments } = await services.client.call('Status', { app: 'web' });
    expect(environments[0]).to.include({ version: '1.0.0', config: 2 });

    const back = await services.client.call('Deploy', { ...place, version: '1.0.0', config: 1 });
    expect((await services.ended(back.rollout?.id ?? '')).status).to.equal('succeeded');
    expect(configsOf(agents)).to.deep.equal([{ LEVEL: 'warn' }, { LEVEL: 'warn' }]);
    const { configs } = await services.client.call('ListConfigs', place);
    expect(configs.map(({ number, proven }) => [number, proven])).to.deep.equal([
      [2, false],
      [1, true],
    ]);
    const rollback = await services.client.call('Rollback', place);
    expect((await services.ended(rollback.rollout?.id ?? '')).config).to.equal(2);
    expect(configsOf(agents)).to.deep.equal([{ LEVEL: 'debug' }, { LEVEL: 'debug' }]);
  });

  it('that fail are taken back like code, and the nodes have the values of before', async () => {
    const { services, agents } = await fleet('{ LEVEL: warn }');
    await services.prove('1.0.0');
    await services.apply(withConfig('{ LEVEL: wrong }'));
    for (const agent of agents)
      agent.behave(({ config }) => (config['LEVEL'] === 'wrong' ? 'turnedBack' : 'healthy'));
    const deploy = await services.client.call('Deploy', { ...place, version: '1.0.0' });
    expect((await services.ended(deploy.rollout?.id ?? '')).status).to.equal('rolledBack');
    expect(configsOf(agents)).to.deep.equal([{ LEVEL: 'warn' }, { LEVEL: 'warn' }]);
    const { environments } = await services.client.call('Status', { app: 'web' });
    expect(environments[0]).to.include({ config: 1 });
  });

  it('are refused where there are none', async () => {
    const { services } = await fleet('{ LEVEL: warn }');
    await services.register('1.0.0');
    const failure = await failureOf(
      services.client.call('Deploy', { ...place, version: '1.0.0', config: 9 }),
    );
    expect(failure).to.include({ code: 'notFound', message: 'There is no config 9 of web/production.' });
    expect(failure.hint).to.contain('capstan config list web/production');
    const unknown = await failureOf(services.client.call('GetConfig', { ...place, number: 9 }));
    expect(unknown.code).to.equal('notFound');
    const nowhere = await failureOf(services.client.call('ListConfigs', { ...place, env: 'nowhere' }));
    expect(nowhere.message).to.contain('no environment "nowhere"');
  });
});

describe('files and config after the database', () => {
  const step = { reversible: true, timeoutMs: 60_000 };

  it('wait for it however often it fails, and whatever else changes meanwhile', async () => {
    const { services, agents } = await fleet('{ LEVEL: warn }');
    await services.prove('1.0.0');
    await services.register('2.0.0', '2.0.0', step);
    for (const agent of agents)
      agent.behave(({ release }) => (release.version === '2.0.0' ? 'databaseFailed' : 'healthy'));
    const activated = () =>
      agents.flatMap(({ told }) =>
        told.flatMap(({ assignments }) =>
          assignments
            .filter(({ release, intent }) => release.version === '2.0.0' && intent === 'activate')
            .map(({ database, generation }) => ({ database, generation })),
        ),
      );
    for (const config of ['{ LEVEL: debug }', '{ LEVEL: error }']) {
      await services.apply(withConfig(config));
      const failed = await services.client.call('Deploy', { ...place, version: '2.0.0' });
      expect((await services.ended(failed.rollout?.id ?? '')).status).to.equal('rolledBack');
    }
    expect(
      activated().every(({ database }) => database === true),
      'only whoever runs it was told',
    ).to.equal(true);
    await services.restart();
    await services.connected(...agents);
    for (const agent of agents) agent.behave(() => 'healthy');
    const good = await services.client.call('Deploy', { ...place, version: '2.0.0' });
    expect((await services.ended(good.rollout?.id ?? '')).status).to.equal('succeeded');
    const [first, ...others] = activated()
      .filter(({ generation }) => generation > 0)
      .sort((a, b) => a.generation - b.generation)
      .slice(-2);
    expect([first?.database, others.map(({ database }) => database)]).to.deep.equal([true, [undefined]]);

    await services.apply(withConfig('{ LEVEL: info }'));
    const config = await services.client.call('Deploy', { ...place, version: '2.0.0' });
    expect((await services.ended(config.rollout?.id ?? '')).status).to.equal('succeeded');
    expect(agents.map(({ assignment }) => [assignment?.config['LEVEL'], assignment?.database])).to.deep.equal(
      [
        ['info', undefined],
        ['info', undefined],
      ],
    );
  });

  it('go back to earlier values past a step that cannot be reversed: the release stays', async () => {
    const { services, agents } = await fleet('{ LEVEL: warn }');
    await services.prove('1.0.0');
    await services.register('2.0.0', '2.0.0', { ...step, reversible: false });
    const id = await services.deploy('2.0.0');
    expect((await services.ended(id)).status).to.equal('succeeded');
    await agents[0]?.say('web', { pastReturn: true });
    await services.apply(withConfig('{ LEVEL: debug }'));
    const config = await services.client.call('Deploy', { ...place, version: '2.0.0' });
    expect((await services.ended(config.rollout?.id ?? '')).status).to.equal('succeeded');
    const back = await services.client.call('Rollback', place);
    expect(await services.ended(back.rollout?.id ?? '')).to.include({
      status: 'succeeded',
      to: '2.0.0',
      config: 1,
    });
    expect(configsOf(agents)).to.deep.equal([{ LEVEL: 'warn' }, { LEVEL: 'warn' }]);
    const refused = await failureOf(services.client.call('Rollback', { ...place, version: '1.0.0' }));
    expect(refused.code).to.equal('refused');
  });
});
