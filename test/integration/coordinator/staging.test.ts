import { expect } from 'chai';
import { eventually } from '../../support/eventually.js';
import type { FakeAgent } from './fake-agent.js';
import { failureOf } from './polls-fixture.js';
import { production, Services, type ServicesOptions, specOf } from './services.js';

const web = { app: 'web', env: 'production' };
const mega = 1024 * 1024;

/** Nodes that run 1.0.0, and a release 2.0.0 that no node has. */
async function fleet(names: readonly string[], options: ServicesOptions = {}, spec = production) {
  const services = await Services.start(options);
  await services.apply(spec);
  const agents = names.map((name) => services.agent(name));
  await services.connected(...agents);
  await services.prove('1.0.0');
  await services.register('2.0.0');
  return { services, agents };
}

const stage = async (services: Services, version = '2.0.0') =>
  services.client.call('Stage', { ...web, version });

const wanted = ({ assignment }: FakeAgent): string =>
  `${assignment?.release.version ?? ''} ${assignment?.intent ?? ''}`;

describe('stage', () => {
  it('gets a release onto every disk and changes nothing that runs; the deploy goes on from there', async () => {
    const { services, agents } = await fleet(['web-1', 'web-2', 'web-3']);
    const { rollout } = await stage(services);
    const ended = await services.ended(rollout?.id ?? '');
    expect(ended).to.include({ status: 'succeeded', cause: 'stage', staged: 3, total: 3 });
    expect(ended.reason).to.equal('3 of 3 nodes have web 2.0.0 on disk');
    expect(ended.waves[0]?.nodes.map(({ phase }) => phase)).to.deep.equal(['staged', 'staged', 'staged']);
    expect(agents.map(wanted)).to.deep.equal(['2.0.0 stage', '2.0.0 stage', '2.0.0 stage']);
    const { environments } = await services.client.call('Status', { app: 'web' });
    expect(environments[0]).to.include({ version: '1.0.0', healthy: 3, rollout: '' });
    const { nodes } = await services.client.call('ListNodes', {});
    expect(nodes.map(({ apps }) => [apps[0]?.version, apps[0]?.wantedIntent])).to.deep.equal(
      Array.from({ length: 3 }, () => ['1.0.0', 'INTENT_STAGE']),
    );
    const kinds = (await services.events()).map(({ kind }) => kind);
    expect(kinds).to.include.members(['stage.requested', 'stage.done']);

    const again = await stage(services);
    expect(again.rollout).to.equal(null);
    expect(again.note).to.equal('nothing to do: every one of the 3 nodes has web 2.0.0 on disk');

    expect((await services.ended(await services.deploy('2.0.0'))).status).to.equal('succeeded');
    const back = await services.client.call('Rollback', web);
    expect(back.rollout?.to, 'what was only staged does not count as having run').to.equal('1.0.0');
  });

  it('refuses what there is not, and what a rollout under way would have to give way to', async () => {
    const { services, agents } = await fleet(['web-1', 'web-2']);
    const failure = (request: object) =>
      failureOf(services.client.call('Stage', { ...web, version: '2.0.0', ...request }));
    expect(await failure({ app: 'nope' })).to.include({ code: 'notFound' });
    expect(await failure({ env: 'nope' })).to.include({ code: 'notFound' });
    expect(await failure({ version: '9.9.9' })).to.include({ code: 'notFound' });
    for (const agent of agents) agent.behave(() => undefined);
    const id = await services.deploy('2.0.0');
    await services.register('3.0.0');
    const refused = await failure({ version: '3.0.0' });
    expect(refused).to.include({ code: 'refused', message: `Rollout ${id} is under way in web/production.` });
    expect(refused.hint).to.contain('rollout abort');
  });

  it('asked for twice is done once, and gives way to another release and to a deploy', async () => {
    const { services } = await fleet(['web-1']);
    const slow = services.agent('web-2', { slowStaging: true });
    await eventually(() => slow.status('web')?.current?.version === '1.0.0');
    const first = await stage(services);
    const id = first.rollout?.id ?? '';
    const same = await stage(services);
    expect([same.rollout?.id, same.note]).to.deep.equal([id, `${id} is doing that already`]);
    await services.register('3.0.0');
    const other = await stage(services, '3.0.0');
    expect(other.superseded).to.equal(id);
    const { rollout, superseded } = await services.client.call('Deploy', { ...web, version: '3.0.0' });
    expect(superseded).to.equal(other.rollout?.id);
    expect((await services.ended(rollout?.id ?? '')).status).to.equal('succeeded');
  });

  it('gives a node that joins what is proven, not what is being staged', async () => {
    const { services } = await fleet(['web-1']);
    const slow = services.agent('web-2', { slowStaging: true });
    await eventually(() => slow.status('web')?.current?.version === '1.0.0');
    const { rollout } = await stage(services);
    const late = services.agent('web-3');
    await eventually(() => late.status('web')?.current?.version === '1.0.0');
    expect(wanted(late)).to.equal('1.0.0 activate');
    await slow.finishStaging();
    const ended = await services.ended(rollout?.id ?? '');
    expect(ended.reason).to.equal('2 of 2 nodes have web 2.0.0 on disk');
  });
});

describe('the bandwidth of the fleet', () => {
  it('is shared out among those that fetch; the rest wait for their turn and say so', async () => {
    const { services, agents } = await fleet(['web-1'], { bandwidth: 3 * mega });
    const slow = ['web-2', 'web-3', 'web-4', 'web-5'].map((name) =>
      services.agent(name, { slowStaging: true }),
    );
    await services.connected(...slow);
    await eventually(() => slow.every((agent) => agent.status('web')?.current?.version === '1.0.0'));
    const { rollout } = await stage(services);
    const id = rollout?.id ?? '';
    const fetching = (): readonly FakeAgent[] =>
      slow.filter(({ assignment }) => assignment?.intent === 'stage');
    // web-1 is done at once, so that its share goes on to the next.
    await eventually(() => fetching().length === 3 && wanted(agents[0] ?? fail()) === '2.0.0 stage');
    const limits = fetching().map(({ assignment }) => assignment?.fetchBytesPerSecond);
    expect(limits).to.deep.equal([mega, mega, mega]);
    const waiting = slow.find((agent) => !fetching().includes(agent)) ?? fail();
    const view = await services.client.call('GetRollout', { id });
    const phases = new Map(view.waves[0]?.nodes.map(({ name, phase }) => [name, phase]));
    expect(phases.get(waiting.name)).to.equal('pending');
    const why = await services.client.call('Why', { subject: waiting.name });
    expect(why.answer).to.contain('waiting for its turn to stage');
    expect((await services.client.call('Why', { subject: id })).answer).to.contain('staged on 1 of 5 nodes');

    const [first] = fetching();
    await first?.finishStaging();
    await eventually(() => wanted(waiting) === '2.0.0 stage');
    expect(waiting.assignment?.fetchBytesPerSecond).to.equal(mega);
    for (const agent of slow) await agent.finishStaging();
    expect((await services.ended(id)).status).to.equal('succeeded');
  });

  it('is one for all environments: who waits is served when another is done, over a restart too', async () => {
    const spec = specOf({ staging: 'env=staging', production: 'env=production' });
    const services = await Services.start({ bandwidth: mega });
    await services.apply(spec);
    const one = services.agent('stage-1', { slowStaging: true, labels: { env: 'staging' } });
    const two = services.agent('web-1', { slowStaging: true });
    await services.connected(one, two);
    await services.register('2.0.0');
    const first = await services.client.call('Stage', { app: 'web', env: 'staging', version: '2.0.0' });
    await eventually(() => one.assignment?.intent === 'stage');
    const second = await stage(services);
    expect(second.rollout?.waitingFor).to.contain('its turn to stage');
    await services.restart();
    await services.connected(one, two);
    expect(two.assignment).to.equal(undefined);
    await one.finishStaging();
    await eventually(() => two.assignment?.intent === 'stage', { timeoutMs: 15_000 });
    await two.finishStaging();
    for (const { rollout } of [first, second]) {
      expect((await services.ended(rollout?.id ?? '')).status).to.equal('succeeded');
    }
  });

  it('goes to others when a node is lost', async () => {
    const { services } = await fleet(['web-1'], {
      bandwidth: mega,
      limits: { silentAfterMs: 200, lostAfterMs: 300, startGraceMs: 0 },
    });
    const slow = ['web-2', 'web-3'].map((name) => services.agent(name, { slowStaging: true }));
    await services.connected(...slow);
    await eventually(() => slow.every((agent) => agent.status('web')?.current?.version === '1.0.0'));
    await stage(services);
    const holder = await eventually(() => slow.find(({ assignment }) => assignment?.intent === 'stage'));
    const next = slow.find((agent) => agent !== holder) ?? fail();
    expect(wanted(next)).to.equal('1.0.0 activate');
    await holder.stop();
    await eventually(() => wanted(next) === '2.0.0 stage');
  });
});

function fail(): never {
  throw new Error('there is no such node');
}
