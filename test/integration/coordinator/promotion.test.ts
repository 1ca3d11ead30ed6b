import { expect } from 'chai';
import type { AppName, ReleaseVersion } from '../../../shared/model/ids.js';
import { connectOperator, type OperatorClient } from '../../../shared/wire/operator-client.js';
import { cleanUp } from '../../support/cleanup.js';
import { eventually } from '../../support/eventually.js';
import { failureOf } from './polls-fixture.js';
import { releaseWith, Services } from './services.js';

const pipeline = (staging: string, production: string): string => `apiVersion: capstan/v1
kind: Application
metadata: { name: web }
spec:
  environments:
    - name: staging
      selector: env=staging
      strategy: { health: { minHealthyTime: 0s, deadline: 1m } }
      ${staging}
    - name: production
      selector: env=production
      strategy: { health: { minHealthyTime: 0s, deadline: 1m } }
      ${production}
`;

const gated = 'promotion: { from: staging, checks: [smoke], approvals: 2 }';

/** A node in each environment, and the pipeline. */
async function scene(staging: string, production: string): Promise<Services> {
  const services = await Services.start();
  await services.apply(pipeline(staging, production));
  const [before, after] = [
    services.agent('stage-1', { labels: { env: 'staging' } }),
    services.agent('prod-1', { labels: { env: 'production' } }),
  ];
  await services.connected(before, after);
  return services;
}

/** As another person. */
function person(services: Services, actor: string): OperatorClient {
  const address = `127.0.0.1:${services.running.operatorPort}`;
  const client = connectOperator({ address, actor });
  cleanUp(() => {
    client.close();
  });
  return client;
}

const check = (services: Services, version: string, name: string, passed = true) =>
  services.client.call('RecordCheck', { app: 'web', version, name, passed });

const at = (version: string, env = 'production') => ({ app: 'web', version, env });

async function versionIn(services: Services, env: string): Promise<string | undefined> {
  const { environments } = await services.client.call('Status', { app: 'web' });
  return environments.find((environment) => environment.env === env)?.version;
}

const runs = (services: Services, env: string, version: string) =>
  eventually(async () => (await versionIn(services, env)) === version, { what: `${version} in ${env}` });

describe('promotion', () => {
  it('with four eyes, takes the word of somebody else than who published the content, under any version', async () => {
    const services = await scene('', 'promotion: { approvals: 1, fourEyes: true }');
    const [ann, bob, eve] = ['ann', 'bob', 'eve'].map((name) => person(services, name)) as [
      ...[OperatorClient, OperatorClient, OperatorClient],
    ];
    await ann.call('RegisterRelease', { app: 'web', release: releaseWith('1.0.0', 'same') });
    await bob.call('RegisterRelease', { app: 'web', release: releaseWith('1.0.1', 'same') });
    for (const publisher of [ann, bob]) {
      const { note } = await publisher.call('ApproveRelease', at('1.0.1'));
      expect(note).to.match(/published it, and production asks for the approval of others$/);
    }
    const refused = await failureOf(services.client.call('PromoteRelease', at('1.0.1')));
    expect(refused.message).to.contain('it has 0 of 1 approval by others than who published it');
    expect(refused.hint).to.contain('somebody other than ann, bob');
    await eve.call('ApproveRelease', at('1.0.1'));
    await services.ended(await services.deploy('1.0.1'));
  });

  it('is refused with all that is lacking, and granted when nothing is', async () => {
    const services = await scene('', gated);
    await services.register('1.0.0');
    const early = await failureOf(services.deploy('1.0.0'));
    expect(early.code).to.equal('refused');
    expect(early.message).to.equal(
      'web 1.0.0 may not come into production: it has not proven itself in staging; check smoke was not recorded; it has 0 of 2 approvals.',
    );
    expect((await failureOf(services.client.call('PromoteRelease', at('1.0.0')))).code).to.equal('refused');
    await services.ended(await services.deploy('1.0.0', 'staging'));
    await check(services, '1.0.0', 'smoke');
    await person(services, 'ann').call('ApproveRelease', at('1.0.0'));
    const twice = await person(services, 'ann').call('ApproveRelease', at('1.0.0'));
    expect(twice.note).to.equal('ann has approved it already');
    const one = await failureOf(services.deploy('1.0.0'));
    expect(one.message).to.contain('it has 1 of 2 approvals (ann)');
    await person(services, 'bob').call('ApproveRelease', at('1.0.0'));
    const { release, rollout } = await services.client.call('PromoteRelease', at('1.0.0'));
    expect(rollout).to.equal('');
    expect(release?.standings[0]).to.deep.include({ env: 'production', lacks: [] });
    expect(await versionIn(services, 'production')).to.equal('');
    expect((await services.ended(await services.deploy('1.0.0'))).status).to.equal('succeeded');
    const told = (await services.events()).map(({ kind, actor }) => `${kind} ${actor}`);
    expect(told).to.include.members([
      ...['check.recorded tester', 'release.approved ann', 'release.approved bob', 'release.promoted tester'],
    ]);
  });

  it('belongs to the content: the same build has it under another version, one that is built anew has not', async () => {
    const services = await scene('', 'promotion: { from: staging, checks: [smoke] }');
    await services.register('1.0.0', 'one');
    await services.ended(await services.deploy('1.0.0', 'staging'));
    await check(services, '1.0.0', 'smoke');
    await services.register('1.0.0-final', 'one');
    await services.register('1.0.1', 'another');
    expect((await failureOf(services.deploy('1.0.1'))).message).to.contain('check smoke was not recorded');
    expect((await services.ended(await services.deploy('1.0.0-final'))).status).to.equal('succeeded');
  });

  it('ends with its environment: one that comes to have the name lets nothing in by it', async () => {
    const rule = 'promotion: { checks: [smoke], approvals: 1 }';
    const services = await scene('', rule);
    await services.register('1.0.0');
    await check(services, '1.0.0', 'smoke');
    for (const env of ['staging', 'production'])
      await services.client.call('ApproveRelease', at('1.0.0', env));
    await services.client.call('PromoteRelease', at('1.0.0'));
    const [without] = pipeline('', rule).split('    - name: production');
    await services.apply(without ?? '', true);
    const standing = async () =>
      (await services.client.call('GetRelease', { app: 'web', version: '1.0.0' })).standings[0];
    expect((await standing())?.approvals, 'a dry run ends nothing').to.have.length(1);
    await services.apply(without ?? '');
    await services.apply(pipeline('promotion: { approvals: 1 }', rule));
    for (const restarted of [false, true]) {
      if (restarted) await services.restart();
      expect((await failureOf(services.deploy('1.0.0'))).message).to.contain('it has 0 of 1 approval');
      expect((await standing())?.approvals, 'that of the other environment').to.have.length(1);
    }
  });

  it('holds over a restart until a check fails, and rolling back is never refused', async () => {
    const services = await scene('', 'promotion: { checks: [smoke] }');
    for (const version of ['1.0.0', '1.1.0']) {
      await services.register(version);
      await check(services, version, 'smoke');
      await services.client.call('PromoteRelease', at(version));
    }
    await services.restart();
    await eventually(async () => {
      const { nodes } = await services.client.call('ListNodes', {});
      return nodes.length === 2 && nodes.every(({ liveness }) => liveness === 'connected');
    });
    await services.ended(await services.deploy('1.0.0'));
    await services.ended(await services.deploy('1.1.0'));
    await check(services, '1.0.0', 'smoke', false);
    const refused = await failureOf(services.deploy('1.0.0'));
    expect(refused.message).to.contain('check smoke failed, says tester');
    const named = { app: 'web', env: 'production', version: '1.0.0' };
    const { rollout } = await services.client.call('Rollback', named);
    expect((await services.ended(rollout?.id ?? '')).status).to.equal('succeeded');
  });

  it('keeps rollback --to from being a way around the gate', async () => {
    const services = await scene('', 'promotion: { checks: [smoke] }');
    await services.register('0.9.0');
    await services.register('1.0.0');
    await check(services, '1.0.0', 'smoke');
    await services.ended(await services.deploy('1.0.0'));
    const named = { app: 'web', env: 'production', version: '0.9.0' };
    const failure = await failureOf(services.client.call('Rollback', named));
    expect(failure.message).to.contain('0.9.0 may not come into production');
    expect((await services.client.call('Stage', at('0.9.0'))).rollout).to.not.equal(null);
  });

  it('waits for a bake in the environment before, and forgets what was rolled back there', async () => {
    const services = await scene('', 'promotion: { from: staging, bake: 600ms }');
    await services.register('1.0.0');
    await services.ended(await services.deploy('1.0.0', 'staging'));
    const early = await failureOf(services.deploy('1.0.0'));
    expect(early.message).to.contain('it was the proven release in staging for 0ms of 600ms');
    await eventually(() => services.client.call('PromoteRelease', at('1.0.0')));
    await services.register('1.1.0');
    await services.ended(await services.deploy('1.1.0', 'staging'));
    const { rollout } = await services.client.call('Rollback', { app: 'web', env: 'staging' });
    await services.ended(rollout?.id ?? '');
    expect((await failureOf(services.deploy('1.1.0'))).message).to.contain('not proven itself in staging');
  });

  it('lets a file take back no failure that a person recorded, and a person every one', async () => {
    const services = await scene('', gated);
    await services.register('1.0.0');
    const { operations } = services.running.orchestrator;
    const fromFile = async (passed: boolean): Promise<string> => {
      const call = { key: '', method: 'RecordCheck', request: '', by: 'drop-folder' };
      const release = { app: 'web' as AppName, version: '1.0.0' as ReleaseVersion };
      const made = { ...release, name: 'smoke', passed, reason: 'build 7', yields: true };
      return (await operations.recordCheck(call, made)).note;
    };
    const smoke = async () => (await services.client.call('GetRelease', at('1.0.0'))).checks[0];
    expect(await fromFile(false)).to.equal('');
    expect(await fromFile(true), 'its own word it may change').to.equal('');
    await check(services, '1.0.0', 'smoke', false);
    expect(await fromFile(true)).to.equal(
      'check smoke of web 1.0.0 stays failed, as tester recorded, though drop-folder says that it passed',
    );
    expect(await smoke()).to.include({ passed: false, by: 'tester' });
    expect((await services.events()).map(({ kind }) => kind)).to.include('check.stands');
    await check(services, '1.0.0', 'smoke');
    expect(await smoke()).to.include({ passed: true, by: 'tester' });
    expect(await fromFile(false), 'it may close a gate').to.equal('');
    expect(await smoke()).to.include({ passed: false, by: 'drop-folder' });
  });

  it('remarks on a check that nobody asks for, and on a gate that is none', async () => {
    const services = await scene('', gated);
    await services.register('1.0.0');
    expect((await check(services, '1.0.0', 'smok')).note).to.equal(
      'no environment of web asks for a check "smok"; did you mean "smoke"?',
    );
    expect((await check(services, '1.0.0', 'load')).note).to.equal(
      'no environment of web asks for a check "load"; they ask for smoke',
    );
    const open = await services.client.call('PromoteRelease', at('1.0.0', 'staging'));
    expect(open.note).to.equal('staging takes every release');
    await check(services, '1.0.0', 'smoke');
    const { warnings } = await services.apply(
      pipeline('autoDeploy: { checks: [smokee, load, soak] }', gated),
    );
    expect(warnings).to.deep.equal([
      'web/staging: no release has a check "smokee" yet; did you mean "smoke"?',
    ]);
    expect((await failureOf(check(services, '9.9.9', 'smoke'))).code).to.equal('notFound');
    expect((await failureOf(check(services, '1.0.0', 'a b'))).code).to.equal('invalid');
    const nowhere = services.client.call('ApproveRelease', at('1.0.0', 'nowhere'));
    expect((await failureOf(nowhere)).code).to.equal('notFound');
  });

  it('is what why, status and release show speak of', async () => {
    const services = await scene('', gated);
    await services.register('1.0.0');
    const why = () => services.client.call('Why', { subject: 'web@1.0.0' });
    expect((await why()).answer).to.equal('Nothing keeps web 1.0.0 out of staging.');
    await services.ended(await services.deploy('1.0.0', 'staging'));
    const held = await why();
    expect(held).to.deep.include({
      kind: 'release',
      answer: 'web 1.0.0 may not come into production: check smoke was not recorded.',
      details: ['it has 0 of 2 approvals'],
    });
    expect(Date.parse(held.since)).to.be.closeTo(Date.now(), 60_000);
    const { environments } = await services.client.call('Status', { app: 'web' });
    expect(environments.map(({ next }) => next)).to.deep.equal([
      null,
      { version: '1.0.0', lacks: ['check smoke was not recorded', 'it has 0 of 2 approvals'] },
    ]);
    const view = await services.client.call('GetApplication', { app: 'web' });
    expect(view.environments[1]?.promotion).to.deep.include({ from: 'staging', approvals: 2 });
    expect((await failureOf(services.client.call('Why', { subject: 'web@' }))).code).to.equal('invalid');
  });
});

describe('autoDeploy', () => {
  it('takes a build whose checks pass through the whole pipeline', async () => {
    const services = await scene(
      'autoDeploy: { checks: [unit] }',
      'promotion: { from: staging, bake: 300ms, approvals: 1 }\n      autoDeploy: {}',
    );
    await services.register('1.0.0');
    expect(await versionIn(services, 'staging')).to.equal('');
    const { rollout } = await check(services, '1.0.0', 'unit');
    expect(rollout).to.match(/^r-/);
    await runs(services, 'staging', '1.0.0');
    await person(services, 'ann').call('ApproveRelease', at('1.0.0'));
    await runs(services, 'production', '1.0.0'); // by itself, once it has baked
    const started = (await services.events()).filter(({ kind }) => kind === 'deploy.requested');
    expect(started.map(({ env, actor }) => `${env} ${actor}`)).to.deep.equal([
      ...['staging coordinator', 'production coordinator'],
    ]);
  });

  it('takes the newest that passes and skips what lies between; a failed check keeps it where it is', async () => {
    const services = await scene('autoDeploy: { checks: [unit] }', '');
    for (const version of ['1', '2', '3']) await services.register(version);
    await check(services, '3', 'unit', false);
    await check(services, '2', 'unit');
    await runs(services, 'staging', '2');
    await check(services, '1', 'unit');
    await check(services, '3', 'unit', false);
    await services.register('4');
    expect((await services.client.call('ListRollouts', { app: 'web' })).rollouts).to.have.length(1);
  });

  it('never tries again what was rolled back, by a person or by its failure (nomad PR 3496)', async () => {
    const services = await Services.start();
    await services.apply(pipeline('autoDeploy: {}', ''));
    const agent = services.agent('stage-1', {
      labels: { env: 'staging' },
      outcome: ({ release }) => (release.version === '3' ? 'turnedBack' : 'healthy'),
    });
    await services.connected(agent);
    await services.register('1');
    await runs(services, 'staging', '1');
    await services.register('2');
    await runs(services, 'staging', '2');
    const { rollout } = await services.client.call('Rollback', { app: 'web', env: 'staging' });
    await services.ended(rollout?.id ?? '');
    await services.register('3');
    await eventually(async () => {
      const { rollouts } = await services.client.call('ListRollouts', { app: 'web' });
      return rollouts[0]?.to === '3' && rollouts[0].status === 'rolledBack';
    });
    await services.apply(pipeline('autoDeploy: { checks: [] }', 'promotion: { approvals: 1 }'));
    await check(services, '2', 'unit');
    await check(services, '3', 'unit');
    const { rollouts } = await services.client.call('ListRollouts', { app: 'web' });
    expect(rollouts.map(({ to }) => to)).to.deep.equal(['3', '1', '2', '1']);
    expect(await versionIn(services, 'staging')).to.equal('1');
    await services.register('4');
    await runs(services, 'staging', '4');
  });

  it('goes by the order of publication, also of what was published within a millisecond, and after a restart', async () => {
    const services = await scene('autoDeploy: { checks: [unit] }', '');
    const versions = ['9', '1', '5', '3', '7'];
    await Promise.all(versions.map((version) => services.register(version)));
    const { releases } = await services.client.call('ListReleases', { app: 'web' });
    const order = releases.map(({ release }) => release?.version ?? '');
    expect(new Set(releases.map(({ publishedAt }) => publishedAt)).size).to.equal(versions.length);
    const [newest = '', ...older] = order;
    await check(services, older[0] ?? '', 'unit');
    await runs(services, 'staging', older[0] ?? '');
    await services.restart();
    const after = await services.client.call('ListReleases', { app: 'web' });
    expect(after.releases.map(({ release }) => release?.version)).to.deep.equal(order);
    for (const version of older) await check(services, version, 'unit');
    await check(services, newest, 'unit');
    await runs(services, 'staging', newest);
    expect((await services.client.call('ListRollouts', { app: 'web' })).rollouts).to.have.length(2);
  });

  it('goes back to a content that was there before when it is published under a new version', async () => {
    const services = await scene('autoDeploy: {}', '');
    for (const [version, content] of Object.entries({ '1': 'one', '2': 'two', '3': 'one' })) {
      await services.register(version, content);
      await runs(services, 'staging', version);
    }
  });

  it('waits after a start until the nodes are back, rather than skip them', async () => {
    const services = await Services.start();
    await services.apply(pipeline('', 'promotion: { from: staging, bake: 500ms }\n      autoDeploy: {}'));
    const gone = services.agent('prod-1', { labels: { env: 'production' } });
    await services.connected(gone, services.agent('stage-1', { labels: { env: 'staging' } }));
    await services.register('1.0.0');
    await services.ended(await services.deploy('1.0.0', 'staging'));
    await gone.stop();
    await services.restart();
    await eventually(() => services.client.call('PromoteRelease', at('1.0.0'))); // it has baked, and is looked at again
    const { environments } = await services.client.call('Status', { app: 'web' });
    expect(environments[1]).to.deep.include({ rollout: '', next: { version: '1.0.0', lacks: [] } });
    await services.connected(services.agent('prod-1', { labels: { env: 'production' } }));
    await runs(services, 'production', '1.0.0');
  });

  it('is stopped by a lock of anybody and by a freeze, says so once, and goes on when that is over', async () => {
    const services = await scene('autoDeploy: {}', '');
    const place = { app: 'web', env: 'staging', reason: 'the sale' };
    let published = 0;
    for (const kind of ['lock', 'freeze']) {
      await services.client.call('LockEnvironment', { ...place, kind });
      const version = String((published += 1));
      await services.register(version);
      const { environments } = await services.client.call('Status', { app: 'web' });
      expect(environments[0]?.next?.version).to.equal(version);
      expect(environments[0]?.next?.lacks[0]).to.contain('the sale');
      expect((await services.client.call('Why', { subject: `web@${version}` })).answer).to.contain(
        'the sale',
      );
      await services.client.call('UnlockEnvironment', { ...place, kind });
      await eventually(async () => (await versionIn(services, 'staging')) === version, { timeoutMs: 5000 });
    }
    const refused = (await services.events()).filter(({ kind }) => kind === 'autoDeploy.refused');
    expect(refused).to.have.length(2);
  });

  it('still says what it waits for after a dry run that would have removed the environment', async () => {
    const services = await Services.start();
    const spec = (staging: string): string => `apiVersion: capstan/v1
kind: Application
metadata: { name: web }
spec:
  environments:
    - { name: production, selector: env=production }
${staging}`;
    await services.apply(spec('    - { name: staging, selector: env=staging, autoDeploy: {} }\n'));
    await services.register('1.0.0');
    const waits = async (): Promise<string | undefined> => {
      const { environments } = await services.client.call('Status', { app: 'web' });
      return environments.find(({ env }) => env === 'staging')?.next?.lacks.join();
    };
    expect(await waits()).to.contain('No node matches');
    await services.apply(spec(''), true);
    expect(await waits()).to.contain('No node matches');
  });

  it('passes over what is poisoned, until it is forgiven', async () => {
    const services = await Services.start({ poisonAfter: 1 });
    await services.apply(pipeline('', 'autoDeploy: { checks: [unit] }'));
    const outcome = (): 'turnedBack' => 'turnedBack';
    const ill = services.agent('stage-1', { labels: { env: 'staging' }, outcome });
    await services.connected(ill, services.agent('prod-1', { labels: { env: 'production' } }));
    for (const version of ['1', '2']) await services.register(version);
    await services.ended(await services.deploy('2', 'staging'));
    await check(services, '2', 'unit');
    const { environments } = await services.client.call('Status', { app: 'web' });
    expect(environments[1]?.next?.version).to.equal('2');
    expect(environments[1]?.next?.lacks[0]).to.contain('is poisoned');
    await check(services, '1', 'unit');
    await runs(services, 'production', '1');
    const { poison } = await services.client.call('ListPoison', {});
    const forgiven = { digest: poison[0]?.digest ?? '', reason: 'it was the node' };
    await services.client.call('ForgivePoison', forgiven);
    await eventually(async () => (await versionIn(services, 'production')) === '2', { timeoutMs: 5000 });
  });

  it('is warned of beside blue and green where it would wait for a person after each release', async () => {
    const services = await Services.start();
    const warnings = async (parallel: string): Promise<readonly string[]> => {
      const strategy = `strategy: { type: parallel, ${parallel} health`;
      const text = pipeline('autoDeploy: {}', '').replace('strategy: { health', strategy);
      return (await services.apply(text)).warnings.filter((warning) => warning.includes('autoDeploy'));
    };
    expect(await warnings('')).to.deep.equal([
      "web/staging: autoDeploy waits after each release for a person's `capstan rollout switch` and `capstan rollout release`; `switch: auto` and `releaseAfter` do without",
    ]);
    expect((await warnings('parallel: { switch: auto },'))[0]).to.contain(
      "person's `capstan rollout release`;",
    );
    expect(await warnings('parallel: { switch: auto, releaseAfter: 1h },')).to.deep.equal([]);
  });

  it('lets a rollout under way end first, and says why it is held up', async () => {
    const services = await Services.start();
    await services.apply(pipeline('autoDeploy: {}', ''));
    await services.register('1');
    const status = async () => (await services.client.call('Status', { app: 'web' })).environments[0];
    expect((await status())?.next?.lacks[0]).to.contain('No node matches the selector of web/staging');
    const why = await services.client.call('Why', { subject: 'web@1' });
    expect(why.answer).to.match(/^web 1 is not deployed to staging by itself: No node matches/);
    expect(why.hint).to.contain('capstan node list');
    expect(Date.parse(why.since)).to.be.closeTo(Date.now(), 60_000);
    const agent = services.agent('stage-1', { labels: { env: 'staging' }, outcome: () => undefined });
    await services.connected(agent);
    await services.deploy('1', 'staging');
    await services.register('2');
    const { rollouts } = await services.client.call('ListRollouts', { app: 'web' });
    expect(rollouts.map(({ to }) => to)).to.deep.equal(['1']);
    agent.behave(() => 'healthy');
    await agent.finishStaging();
    await runs(services, 'staging', '2');
    const refused = (await services.events()).filter(({ kind }) => kind === 'autoDeploy.refused');
    expect(refused).to.have.length(1);
  });
});
