import { expect } from 'chai';
import { checkReleaseStored } from '../../../shared/distribution/check-stored.js';
import { openStore } from '../../../shared/distribution/open-store.js';
import { tempDir } from '../../support/temp-dir.js';
import { failureOf } from './polls-fixture.js';
import { digestOf, production, releaseWith, Services, specOf } from './services.js';

describe('what operators apply and register', () => {
  it('says what a specification changes, field by field', async () => {
    const services = await Services.start();
    const first = await services.apply(production);
    expect(first.changes.map(({ name, action }) => [name, action])).to.deep.equal([
      ['web', 'created'],
      ['web/production', 'created'],
    ]);
    expect(first.warnings).to.have.length(1);
    expect(first.warnings[0]).to.contain('no node matches');
    const again = await services.apply(production);
    expect(again.changes.map(({ action }) => action)).to.deep.equal(['unchanged', 'unchanged']);
    const wider = production.replace('maxUnavailable: 1', 'maxUnavailable: 2');
    const changed = await services.apply(wider);
    expect(changed.changes.map(({ action }) => action)).to.deep.equal(['updated', 'updated']);
    expect(changed.changes[1]?.details).to.deep.equal(['strategy.maxUnavailable: 1 → 2']);
    const { spec } = await services.client.call('GetApplication', { app: 'web' });
    expect(spec).to.equal(wider);
  });

  it('stores what differs by less than a second, and only then calls it a change', async () => {
    const services = await Services.start();
    const window = (length: string): string =>
      `${production}      maintenance: { windows: [{ from: "02:00", for: ${length} }] }\n`;
    for (const [before, after] of [
      ['1h30m', '1h30m59s'],
      ['2h1ms', '2h2ms'],
    ] as const) {
      await services.apply(window(before));
      const changed = await services.apply(window(after));
      const detail = `maintenance.windows: every day 02:00 for ${before} → every day 02:00 for ${after}`;
      expect(changed.changes[1]?.details).to.deep.equal([detail]);
      const again = await services.apply(`# as before\n${window(after)}`);
      expect(again.changes.map(({ action }) => action)).to.deep.equal(['unchanged', 'unchanged']);
    }
  });

  it('finds no change in values that are written in another order', async () => {
    const services = await Services.start();
    await services.apply(`${production}      config: { A: one, B: two }\n`);
    const again = await services.apply(`${production}      config: { B: two, A: one }\n`);
    expect(again.changes.map(({ action }) => action)).to.deep.equal(['unchanged', 'unchanged']);
  });

  it('changes nothing in a dry run, neither of what is new nor of what is there', async () => {
    const services = await Services.start();
    const trial = await services.apply(production, true);
    expect(trial.changes[0]?.action).to.equal('created');
    expect((await failureOf(services.client.call('GetApplication', { app: 'web' }))).code).to.equal(
      'notFound',
    );
    await services.apply(production);
    const before = await services.client.call('GetApplication', { app: 'web' });
    const events = await services.events();
    const more = specOf({ production: 'env=live', staging: 'env=staging' });
    const second = await services.apply(more, true);
    expect(second.changes.map(({ action }) => action)).to.deep.equal(['updated', 'updated', 'created']);
    await services.apply(specOf({ staging: 'env=staging' }), true);
    expect(await services.client.call('GetApplication', { app: 'web' })).to.deep.equal(before);
    expect(await services.events()).to.deep.equal(events);
    await services.restart();
    expect(await services.client.call('GetApplication', { app: 'web' })).to.deep.equal(before);
  });

  it('refuses environments that select one node, and leaves nothing of the rest (hawkbit#863)', async () => {
    const services = await Services.start();
    await services.connected(services.agent('web-1', { labels: { env: 'production', zone: 'a' } }));
    const overlapping = specOf({ production: 'env=production', zone: 'zone=a' });
    const failure = await failureOf(services.apply(overlapping));
    expect(failure.code).to.equal('invalid');
    expect(failure.message).to.contain('production and zone');
    expect(failure.message).to.contain('web-1');
    expect(failure.location).to.deep.equal({ file: 'web.yml' });
    expect((await services.client.call('ListApplications', {})).applications).to.deep.equal([]);
  });

  it('removes an environment, but not one with a rollout under way', async () => {
    const services = await Services.start();
    await services.apply(specOf({ production: 'env=production', staging: 'env=staging' }));
    await services.connected(services.agent('web-1', { outcome: () => undefined }));
    await services.register('1.0.0');
    const id = await services.deploy('1.0.0');
    const failure = await failureOf(services.apply(specOf({ staging: 'env=staging' })));
    expect(failure.code).to.equal('refused');
    expect(failure.message).to.contain(id);
    const done = await services.apply(production);
    expect(done.changes.map(({ name, action }) => [name, action])).to.deep.include([
      'web/staging',
      'removed',
    ]);
    const { environments } = await services.client.call('Status', { app: 'web' });
    expect(environments.map(({ env }) => env)).to.deep.equal(['production']);
  });

  it('removes an environment that was deployed to only if that is meant, and says what is forgotten', async () => {
    const services = await Services.start();
    const both = specOf({ production: 'env=production', staging: 'env=staging' });
    const rest = specOf({ staging: 'env=staging' });
    const files = [{ name: 'web.yml', text: rest }];
    const remove = (...names: readonly string[]) =>
      services.client.call('Apply', { files, remove: [...names], dryRun: false });
    await services.apply(both);
    await services.connected(services.agent('web-1'));
    await services.prove('1.0.0');
    for (const dryRun of [true, false]) {
      const failure = await failureOf(services.apply(rest, dryRun));
      expect(failure.code).to.equal('refused');
      expect(failure.message).to.equal('web/production is gone from the spec, but 1.0.0 is proven there.');
      expect(failure.hint).to.contain('--remove web/production');
    }
    for (const slip of ['web/staging', 'wep/production', 'web']) {
      expect((await failureOf(remove(slip))).code, slip).to.equal('invalid');
    }
    const slip = await failureOf(remove('web/producton'));
    expect(slip.code).to.equal('refused');
    expect(slip.hint).to.match(
      /^There is no web\/producton, which --remove names\. .* --remove web\/production/,
    );
    expect((await failureOf(remove('wep/production'))).message).to.contain('did you mean web/production?');
    expect((await services.client.call('Status', { app: 'web' })).environments[0]?.version).to.equal('1.0.0');
    const { changes } = await remove('web/production');
    expect(changes.find(({ action }) => action === 'removed')?.details).to.deep.equal([
      ...['its nodes hold what they have', 'nobody will know any more that 1.0.0 is proven there'],
    ]);
    expect((await remove('web/production')).changes.map(({ action }) => action)).to.deep.equal([
      ...['unchanged', 'unchanged'],
    ]);
  });

  it('asks also where nothing was proven, since what failed there would be tried again by itself', async () => {
    const services = await Services.start();
    const auto = specOf({ production: 'env=production', staging: 'env=staging' });
    await services.apply(auto);
    await services.connected(services.agent('web-1', { outcome: () => 'turnedBack' }));
    await services.register('1.0.0');
    await services.ended(await services.deploy('1.0.0'));
    const failure = await failureOf(services.apply(specOf({ staging: 'env=staging' })));
    expect(failure.message).to.equal('web/production is gone from the spec, but 1.0.0 was asked for there.');
  });

  it('keeps what a version is: the same content is there already, other content is refused', async () => {
    const services = await Services.start();
    const register = (content: string) =>
      services.client.call('RegisterRelease', { app: 'web', release: releaseWith('1.0.0', content) });
    expect((await register('one')).existed).to.equal(false);
    expect((await register('one')).existed).to.equal(true);
    const failure = await failureOf(register('two'));
    expect(failure.code).to.equal('conflict');
    expect(failure.message).to.contain('1.0.0');
    const begun = await services.client.call('BeginPublish', { app: 'web', version: '1.0.0' });
    expect(begun.existingDigest).to.equal(digestOf('one'));
    await services.restart();
    expect((await register('one')).existed).to.equal(true);
  });

  it('refuses a release that is described badly', async () => {
    const services = await Services.start();
    const release = { ...releaseWith('1.0.0', 'one'), digest: 'sha256:short' };
    const failure = await failureOf(services.client.call('RegisterRelease', { app: 'web', release }));
    expect(failure.code).to.equal('invalid');
    expect(failure.message).to.not.contain('coordinator');
  });

  it('takes no release that the store does not have', async () => {
    const store = openStore(`file:${await tempDir()}`);
    const services = await Services.start({
      checkStored: async (ref) => {
        await checkReleaseStored(store, ref);
      },
    });
    const failure = await failureOf(services.register('1.0.0'));
    expect(failure.code).to.equal('notFound');
    expect((await services.client.call('ListReleases', {})).releases).to.deep.equal([]);
  });
});
