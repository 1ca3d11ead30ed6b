import { expect } from 'chai';
import { eventually } from '../../support/eventually.js';
import { failureOf } from './polls-fixture.js';
import { production, Services, specOf } from './services.js';

const web = { app: 'web', env: 'production' };

/** Three nodes and a first version that is proven on them. */
async function fleetOf(versions: readonly string[], spec = production) {
  const services = await Services.start();
  await services.apply(spec);
  const agents = ['web-1', 'web-2', 'web-3'].map((name) => services.agent(name));
  await services.connected(...agents);
  for (const version of versions) await services.prove(version);
  return { services, agents };
}

const versionsOf = (agents: readonly { status(app: string): { current: unknown } | undefined }[]) =>
  agents.map((agent) => (agent.status('web')?.current as { version: string } | undefined)?.version);

describe('deploy', () => {
  it('takes every node to the version, and says who asked', async () => {
    const { services, agents } = await fleetOf(['1.0.0']);
    expect(versionsOf(agents)).to.deep.equal(['1.0.0', '1.0.0', '1.0.0']);
    const { environments } = await services.client.call('Status', { app: 'web' });
    expect(environments[0]).to.include({ version: '1.0.0', total: 3, healthy: 3, rollout: '' });
    const asked = (await services.events()).find(({ kind }) => kind === 'deploy.requested');
    expect(asked).to.include({ actor: 'tester', app: 'web', env: 'production' });
  });

  it('refuses what there is not', async () => {
    const services = await Services.start();
    const deploy = (request: object) =>
      failureOf(services.client.call('Deploy', { ...web, version: '1.0.0', ...request }));
    expect(await deploy({})).to.include({
      code: 'notFound',
      message: 'There is no application "web".',
    });
    await services.apply(production);
    expect((await deploy({ env: 'staging' })).message).to.contain('no environment "staging"');
    expect(await deploy({})).to.include({ code: 'notFound' });
    expect((await deploy({})).message).to.contain('no release 1.0.0');
    expect(await deploy({ app: 'Web!' })).to.include({ code: 'invalid' });
    expect(await deploy({ reason: 'x'.repeat(1001) })).to.include({ code: 'invalid' });
  });

  it('refuses a selector that matches nothing, unless that is wanted; who joins later gets it', async () => {
    const services = await Services.start();
    await services.apply(production);
    await services.register('1.0.0');
    const failure = await failureOf(services.client.call('Deploy', { ...web, version: '1.0.0' }));
    expect(failure.code).to.equal('refused');
    expect(failure.message).to.contain('No node matches');
    expect(failure.hint).to.contain('--allow-empty');
    const answer = await services.client.call('Deploy', { ...web, version: '1.0.0', allowEmpty: true });
    expect(answer.rollout).to.equal(null);
    expect(answer.note).to.contain('no node is selected');
    const agent = services.agent('late');
    await services.connected(agent);
    await eventually(() => versionsOf([agent])[0] === '1.0.0');
  });

  it('does nothing for a version that runs, and joins in for one under way (hawkbit PR 466)', async () => {
    const { services, agents } = await fleetOf(['1.0.0']);
    const again = await services.client.call('Deploy', { ...web, version: '1.0.0' });
    expect(again.rollout).to.equal(null);
    for (const agent of agents) agent.behave(() => undefined);
    await services.register('2.0.0');
    const id = await services.deploy('2.0.0');
    const same = await services.client.call('Deploy', { ...web, version: '2.0.0' });
    expect(same.rollout?.id).to.equal(id);
    expect(same.superseded).to.equal('');
    expect(same.note).to.equal(`${id} is doing that already`);
  });

  it('says of a rollback under way that it is paused, and what has it go on', async () => {
    const { services, agents } = await fleetOf(['1.0.0', '2.0.0']);
    for (const agent of agents) agent.behave(() => undefined);
    const { rollout } = await services.client.call('Rollback', web);
    const id = rollout?.id ?? '';
    await services.client.call('ControlRollout', { id, pause: {}, reason: 'lunch' });
    const same = await services.client.call('Rollback', web);
    expect(same.rollout?.id).to.equal(id);
    expect(same.note).to.equal(
      `${id} is doing that already, but it is paused and waits for resume (paused by tester: lunch); next: capstan rollout resume ${id}`,
    );
  });

  it('says that what it replaces was on its way back, though it is of the same version', async () => {
    const { services, agents } = await fleetOf(['1.0.0']);
    agents.forEach((agent, at) => {
      agent.behave(({ release }) =>
        release.version === '1.0.0' ? undefined : at === 0 ? 'healthy' : 'turnedBack',
      );
    });
    await services.register('2.0.0');
    const id = await services.deploy('2.0.0');
    await services.until(id, 'rollingBack');
    const again = await services.client.call('Deploy', { ...web, version: '2.0.0' });
    expect(again.superseded).to.equal(id);
    expect(again.note).to.contain(`${id} was on its way back to web 1.0.0: wave "all" failed: node web-2`);
  });

  it('replaces what is under way', async () => {
    const { services, agents } = await fleetOf(['1.0.0']);
    for (const agent of agents)
      agent.behave(({ release }) => (release.version === '2.0.0' ? undefined : 'healthy'));
    await services.register('2.0.0');
    await services.register('3.0.0');
    const second = await services.deploy('2.0.0');
    const answer = await services.client.call('Deploy', { ...web, version: '3.0.0' });
    expect(answer.superseded).to.equal(second);
    expect((await services.ended(answer.rollout?.id ?? '')).status).to.equal('succeeded');
    expect(versionsOf(agents)).to.deep.equal(['3.0.0', '3.0.0', '3.0.0']);
    expect(await services.ended(second)).to.include({
      status: 'superseded',
      supersededBy: answer.rollout?.id,
    });
  });
});

describe('an idempotency key (spinnaker#5085)', () => {
  it('gets the first answer again, also over a restart, and refuses another request', async () => {
    const { services } = await fleetOf([]);
    await services.register('1.0.0');
    await services.register('2.0.0');
    const request = { ...web, version: '1.0.0', idempotencyKey: 'once' };
    const [first, meanwhile] = await Promise.all([
      services.client.call('Deploy', request),
      services.client.call('Deploy', request),
    ]);
    expect(meanwhile.rollout?.id).to.equal(first.rollout?.id);
    await services.ended(first.rollout?.id ?? '');
    await services.restart();
    const again = await services.client.call('Deploy', request);
    expect(again.rollout?.id).to.equal(first.rollout?.id);
    const other = await failureOf(services.client.call('Deploy', { ...request, version: '2.0.0' }));
    expect(other.code).to.equal('conflict');
    const method = await failureOf(
      services.client.call('Restart', { ...web, idempotencyKey: request.idempotencyKey }),
    );
    expect(method.code).to.equal('conflict');
    expect((await services.client.call('ListRollouts', {})).rollouts).to.have.length(1);
  });

  it('refuses another request that comes while the first is being answered', async () => {
    const { services } = await fleetOf([]);
    await services.register('1.0.0');
    await services.register('2.0.0');
    const request = { ...web, version: '1.0.0', idempotencyKey: 'once' };
    const [first, other] = await Promise.allSettled([
      services.client.call('Deploy', request),
      services.client.call('Deploy', { ...request, version: '2.0.0' }),
    ]);
    expect([first.status, other.status].sort()).to.deep.equal(['fulfilled', 'rejected']);
  });
});

describe('restart', () => {
  it('activates what runs once more on every node', async () => {
    const { services, agents } = await fleetOf(['1.0.0']);
    const before = agents.map((agent) => agent.status('web')?.generation ?? 0);
    const answer = await services.client.call('Restart', web);
    const view = await services.ended(answer.rollout?.id ?? '');
    expect(view).to.include({ status: 'succeeded', cause: 'restart' });
    expect((await services.events()).map(({ kind }) => kind)).to.include('restart.requested');
    agents.forEach((agent, at) => {
      expect(agent.status('web')?.generation).to.be.above(before[at] ?? 0);
      expect(agent.told.at(-1)?.assignments[0]?.activation.restart).to.equal(true);
    });
  });

  it('is refused before a first deploy and while another rollout is under way', async () => {
    const { services, agents } = await fleetOf([]);
    expect((await failureOf(services.client.call('Restart', web))).code).to.equal('refused');
    await services.prove('1.0.0');
    for (const agent of agents) agent.behave(() => undefined);
    const first = await services.client.call('Restart', web);
    const id = first.rollout?.id ?? '';
    expect((await failureOf(services.client.call('Restart', web))).message).to.contain(id);
    const deployed = await services.client.call('Deploy', { ...web, version: '1.0.0' });
    expect(deployed.rollout?.id, 'the same version disturbs no restart').to.equal(id);
  });

  it('takes nobody to another release: it is refused where a rollout was left half way', async () => {
    const { services, agents } = await fleetOf(['1.0.0']);
    for (const agent of agents.slice(1)) agent.behave(() => undefined);
    await services.register('2.0.0');
    const id = await services.deploy('2.0.0');
    await eventually(async () => (await services.client.call('GetRollout', { id })).healthy === 1);
    await services.client.call('ControlRollout', { id, abort: {} });
    const refused = await failureOf(services.client.call('Restart', web));
    expect(refused.code).to.equal('refused');
    expect(refused.message).to.match(
      /^A restart changes no release, and [12] nodes? of web\/production would be taken to 1\.0\.0 \(web-1/,
    );
    expect(refused.hint).to.contain('capstan deploy web@2.0.0').and.to.contain('capstan rollback web');
    for (const agent of agents) agent.behave(() => 'healthy');
    await services.ended((await services.client.call('Rollback', web)).rollout?.id ?? '');
    expect((await services.client.call('Restart', web)).rollout?.cause).to.equal('restart');
  });
});

describe('rollback', () => {
  const rollback = async (services: Services, version = '') => {
    const { rollout } = await services.client.call('Rollback', { ...web, version });
    return services.ended(rollout?.id ?? '');
  };

  it('goes to what was proven before what runs, and then further back, not to and fro', async () => {
    const { services, agents } = await fleetOf(['1.0.0', '2.0.0', '3.0.0']);
    expect(await rollback(services)).to.include({ to: '2.0.0', status: 'succeeded', cause: 'rollback' });
    expect((await services.events()).map(({ kind }) => kind)).to.include('rollback.requested');
    expect(versionsOf(agents)).to.deep.equal(['2.0.0', '2.0.0', '2.0.0']);
    await services.restart();
    expect(await rollback(services)).to.include({ to: '1.0.0', status: 'succeeded' });
    const failure = await failureOf(services.client.call('Rollback', web));
    expect(failure.code).to.equal('refused');
    expect(failure.message).to.contain('no earlier release');
    expect(await rollback(services, '3.0.0')).to.include({ to: '3.0.0', status: 'succeeded' });
  });

  it('leaves an unfinished version for the proven one', async () => {
    const { services, agents } = await fleetOf(['1.0.0', '2.0.0']);
    for (const agent of agents)
      agent.behave(({ release }) => (release.version === '3.0.0' ? undefined : 'healthy'));
    await services.register('3.0.0');
    const id = await services.deploy('3.0.0');
    await services.client.call('ControlRollout', { id, abort: {} });
    expect(await rollback(services)).to.include({ to: '2.0.0', status: 'succeeded' });
    const third = await services.deploy('3.0.0');
    const { rollout, superseded } = await services.client.call('Rollback', web);
    expect(superseded).to.equal(third);
    expect(await services.ended(rollout?.id ?? '')).to.include({ to: '2.0.0', status: 'succeeded' });
    expect(versionsOf(agents)).to.deep.equal(['2.0.0', '2.0.0', '2.0.0']);
  });

  it('asked for twice is done once', async () => {
    const { services, agents } = await fleetOf(['1.0.0', '2.0.0']);
    for (const agent of agents) agent.behave(() => undefined);
    const first = await services.client.call('Rollback', web);
    expect(first.rollout?.to).to.equal('1.0.0');
    const again = await services.client.call('Rollback', web);
    expect(again.rollout?.id).to.equal(first.rollout?.id);
    expect(again.superseded).to.equal('');
  });

  it('takes the configuration back as well: it rolls like code (habitat#1558)', async () => {
    const { services, agents } = await fleetOf(['1.0.0']);
    const configured = production.replace(
      '      strategy:',
      '      config: { LOG_LEVEL: debug }\n      strategy:',
    );
    await services.apply(configured);
    const configs = () => agents.map(({ told }) => told.at(-1)?.assignments[0]?.config);
    const { status } = await services.ended(await services.deploy('1.0.0'));
    expect(status).to.equal('succeeded');
    expect(configs()).to.deep.equal(agents.map(() => ({ LOG_LEVEL: 'debug' })));
    const { rollout } = await services.client.call('Rollback', web);
    expect((await services.ended(rollout?.id ?? '')).status).to.equal('succeeded');
    expect(configs()).to.deep.equal(agents.map(() => ({})));
  });

  it('undoes a version that fails by itself', async () => {
    const { services, agents } = await fleetOf(['1.0.0']);
    for (const agent of agents)
      agent.behave(({ release }) => (release.version === '2.0.0' ? 'turnedBack' : 'healthy'));
    await services.register('2.0.0');
    const view = await services.ended(await services.deploy('2.0.0'));
    expect(view.status).to.equal('rolledBack');
    expect(view.reason).to.contain('503');
    expect(versionsOf(agents)).to.deep.equal(['1.0.0', '1.0.0', '1.0.0']);
  });
});

describe('control of a rollout', () => {
  it('pauses, resumes, approves and aborts, each said once', async () => {
    const gated = specOf(
      { production: 'env=production' },
      'waves:\n  - { name: pilot, canary: { total: 1 }, gate: manual }\n  - { name: rest }',
    );
    const { services } = await fleetOf([], gated);
    await services.register('1.0.0');
    const id = await services.deploy('1.0.0');
    await services.until(id, 'waiting');
    const pause = await services.client.call('ControlRollout', { id, pause: {}, reason: 'lunch' });
    expect(pause.status).to.equal('paused');
    const twice = await failureOf(services.client.call('ControlRollout', { id, pause: {} }));
    expect(twice.code).to.equal('refused');
    await services.client.call('ControlRollout', { id, resume: {} });
    await services.client.call('ControlRollout', { id, approve: {} });
    expect((await services.ended(id)).status).to.equal('succeeded');
    const events = (await services.events()).filter(({ rollout }) => rollout === id);
    const kinds = events.map(({ kind }) => kind);
    const paused = events.filter(({ kind }) => kind.startsWith('rollout.pause'));
    expect(paused.map(({ actor, reason }) => [actor, reason])).to.deep.equal([['tester', 'lunch']]);
    for (const kind of ['rollout.started', 'rollout.paused', 'rollout.resumed', 'wave.approved'])
      expect(
        kinds.filter((known) => known === kind),
        kind,
      ).to.have.length(1);
  });

  it('is refused for one that has ended, and for one that never was', async () => {
    const { services } = await fleetOf(['1.0.0']);
    const [rollout] = (await services.client.call('ListRollouts', {})).rollouts;
    const ended = await failureOf(
      services.client.call('ControlRollout', { id: rollout?.id ?? '', abort: {} }),
    );
    expect(ended).to.include({ code: 'refused' });
    expect(ended.message).to.contain('has ended');
    const unknown = await failureOf(services.client.call('ControlRollout', { id: 'r-none', abort: {} }));
    expect(unknown.code).to.equal('notFound');
    const nothing = await failureOf(services.client.call('ControlRollout', { id: rollout?.id ?? '' }));
    expect(nothing.code).to.equal('invalid');
  });

  it('retries and excuses nodes by name', async () => {
    const { services, agents } = await fleetOf(
      ['1.0.0'],
      specOf({ production: 'env=production' }, 'onFailure: pause'),
    );
    agents[0]?.behave(() => 'turnedBack');
    await services.register('2.0.0');
    const id = await services.deploy('2.0.0');
    await services.until(id, 'paused');
    const stranger = await failureOf(
      services.client.call('ControlRollout', { id, retry: { nodes: ['nobody'] } }),
    );
    expect(stranger.code).to.equal('notFound');
    await services.client.call('ControlRollout', { id, excuse: { nodes: ['web-1'] } });
    const view = await services.ended(id);
    expect(view.status).to.equal('succeeded');
    expect(versionsOf(agents)).to.deep.equal(['1.0.0', '2.0.0', '2.0.0']);
  });
});
