import { expect } from 'chai';
import { production, Services } from './services.js';

describe('giving releases up', () => {
  it('keeps what runs, what ran before it, what was asked for last, and the newest (capistrano#1907, octopus#2083)', async () => {
    const services = await Services.start();
    await services.apply(production);
    const agent = services.agent('web-1', { keeps: 2 });
    await services.connected(agent);
    for (const version of ['1.0.0', '2.0.0', '3.0.0']) await services.prove(version);
    for (const version of ['4.0.0', '5.0.0']) await services.register(version);
    const give = async (keep: number) =>
      (await services.running.orchestrator.operations.giveUpReleases(keep, 'tester')).map(
        ({ version }) => version,
      );
    expect(await give(0)).to.deep.equal([]);
    expect(await give(1)).to.deep.equal(['1.0.0', '4.0.0']);
    expect(await give(1)).to.deep.equal([]);
    await services.restart();
    const { releases } = await services.client.call('ListReleases', { app: 'web' });
    const given = releases.filter(({ retiredAt }) => retiredAt !== '').map(({ release }) => release?.version);
    expect(given).to.deep.equal(['4.0.0', '1.0.0']);

    const rollback = (version: string) =>
      services.client.call('Rollback', { app: 'web', env: 'production', version }).then(
        ({ rollout }) => rollout?.to,
        (error: unknown) => String(error),
      );
    expect(await rollback('1.0.0')).to.match(/Release 1\.0\.0 of "web" was given up/);
    expect(await rollback('')).to.equal('2.0.0');
    const begun = await services.client.call('BeginPublish', { app: 'web', version: '4.0.0' });
    expect(begun.existingDigest).to.equal('');
    expect(begun.bases.map(({ version }) => version)).to.not.include.members(['1.0.0', '4.0.0']);
  });

  it('keeps what is on a disk, though something else was asked for since', async () => {
    const services = await Services.start();
    await services.apply(production);
    await services.connected(services.agent('web-1'));
    await services.register('1.0.0');
    const staging = await services.client.call('Stage', { app: 'web', env: 'production', version: '1.0.0' });
    expect((await services.ended(staging.rollout?.id ?? '')).status).to.equal('succeeded');
    for (const version of ['2.0.0', '3.0.0']) await services.prove(version);
    for (const version of ['4.0.0', '5.0.0']) await services.register(version);
    const given = await services.running.orchestrator.operations.giveUpReleases(1, 'tester');
    expect(given.map(({ version }) => version)).to.deep.equal(['4.0.0']);
  });

  it('takes one back that is published again, as the newest, and never with another content', async () => {
    const services = await Services.start();
    await services.apply(production);
    for (const version of ['1.0.0', '2.0.0']) await services.register(version);
    await services.running.orchestrator.operations.giveUpReleases(1, 'tester');
    const other = await services.register('1.0.0', 'other').then(
      () => '',
      (error: unknown) => String(error),
    );
    expect(other).to.match(/exists already, with other content/);
    await services.register('1.0.0');
    const { releases } = await services.client.call('ListReleases', { app: 'web' });
    expect(releases.map(({ release, retiredAt }) => [release?.version, retiredAt])).to.deep.equal([
      ['1.0.0', ''],
      ['2.0.0', ''],
    ]);
    const given = await services.running.orchestrator.operations.giveUpReleases(1, 'tester');
    expect(given.map(({ version }) => version)).to.deep.equal(['2.0.0']);
  });
});
