import { expect } from 'chai';
import { hostFacts } from '../../sim/fixtures.js';
import { eventually } from '../../support/eventually.js';
import { failureOf, TestAgent } from './polls-fixture.js';
import { production, Services, specOf } from './services.js';

const twoEnvironments = specOf({ production: 'env=production', staging: 'env=staging' });

const versionOf = (agent: { status(app: string): { current: unknown } | undefined }) =>
  (agent.status('web')?.current as { version: string } | undefined)?.version;

const waiting = { outcome: () => undefined };

describe('labels', () => {
  it('move a node to another environment, whose version it gets', async () => {
    const services = await Services.start();
    await services.apply(twoEnvironments);
    const [one, two] = [services.agent('web-1'), services.agent('web-2')];
    await services.connected(one, two);
    await services.prove('1.0.0');
    await services.register('2.0.0');
    await services.client.call('Deploy', { app: 'web', env: 'staging', version: '2.0.0', allowEmpty: true });
    const view = await services.client.call('LabelNode', { name: 'web-1', set: { env: 'staging' } });
    expect(view.labels).to.deep.equal({ env: 'staging' });
    await eventually(() => versionOf(one) === '2.0.0');
    expect(versionOf(two)).to.equal('1.0.0');
    await services.restart();
    await services.connected(one, two);
    expect((await services.client.call('GetNode', { name: 'web-1' })).labels).to.deep.equal({
      env: 'staging',
    });
  });

  it('that change midway change nothing: a rollout keeps its nodes, the other environment waits (hawkbit#863)', async () => {
    const services = await Services.start();
    await services.apply(twoEnvironments);
    const [one, two] = [services.agent('web-1', waiting), services.agent('web-2', waiting)];
    await services.connected(one, two);
    await services.register('1.0.0');
    await services.register('2.0.0');
    const id = await services.deploy('1.0.0');
    await services.client.call('Deploy', { app: 'web', env: 'staging', version: '2.0.0', allowEmpty: true });
    await services.client.call('LabelNode', { name: 'web-2', set: { env: 'staging' } });
    const { answer } = await services.client.call('Why', { subject: 'web-2' });
    expect(answer).to.contain('1.0.0');
    expect(two.told.flatMap(({ assignments }) => assignments.map(({ env }) => env))).to.not.include(
      'staging',
    );
    one.behave(() => 'healthy');
    two.behave(() => 'healthy');
    await services.client.call('ControlRollout', { id, abort: {} });
    await eventually(() => versionOf(two) === '2.0.0', { what: 'staging to take its node' });
  });

  it('under two environments let the node hold what it has, and why says so (teleport#66634, #56638)', async () => {
    const services = await Services.start();
    await services.apply(specOf({ production: 'env=production', zone: 'zone=a' }));
    const agent = services.agent('web-1');
    await services.connected(agent);
    await services.prove('1.0.0');
    await services.client.call('LabelNode', { name: 'web-1', set: { zone: 'a' } });
    const { answer } = await services.client.call('Why', { subject: 'web-1' });
    expect(answer).to.contain('production and zone');
    const { environments } = await services.client.call('Status', { app: 'web' });
    expect(environments[0]?.problems[0]).to.contain('web-1');
    expect(versionOf(agent)).to.equal('1.0.0');
  });

  it('are removed where they were set', async () => {
    const services = await Services.start();
    await services.connected(services.agent('web-1'));
    const label = (set: Record<string, string>, remove: string[]) =>
      services.client.call('LabelNode', { name: 'web-1', set, remove });
    await label({ canary: 'yes' }, []);
    expect((await label({}, ['canary'])).labels).to.deep.equal({ env: 'production' });
    expect((await failureOf(label({}, ['canary']))).message).to.contain('no label "canary"');
    const own = await failureOf(label({}, ['env']));
    expect(own).to.include({ code: 'invalid' });
    expect(own.message).to.contain('comes from the node');
    expect((await failureOf(services.client.call('LabelNode', { name: 'nobody' }))).code).to.equal(
      'notFound',
    );
  });
});

describe('facts', () => {
  it('say when they were looked at, whenever the pressure was', async () => {
    const services = await Services.start();
    await services.apply(production);
    const agent = services.agent('web-1', { facts: large });
    await services.connected(agent);
    const factsAt = async (): Promise<string> =>
      (await services.client.call('GetNode', { name: 'web-1' })).factsAt;
    const first = await eventually(factsAt);
    await agent.tellFacts({ ...large, pressure: { cpu: 1, memory: 2, io: 3 } });
    expect(await factsAt()).to.equal(first);
    await agent.tellFacts({ ...large, uptimeSeconds: large.uptimeSeconds + 600 });
    expect(Date.parse(await factsAt())).to.be.greaterThan(Date.parse(first));
  });

  const small = { ...hostFacts, memoryTotal: 4e9, memoryAvailable: 1e9 };
  const large = { ...hostFacts, memoryTotal: 64e9 };

  it('make a node part of an environment once it has told them, and for as long as they hold', async () => {
    const services = await Services.start();
    await services.apply(specOf({ large: 'facts.memory>=8GiB', small: 'facts.memory<8GiB' }));
    const [one, two] = [services.agent('web-1', { facts: large }), services.agent('web-2', { facts: small })];
    const silent = services.agent('web-3');
    await services.connected(one, two, silent);
    await services.register('1.0.0');
    const deployed = await services.client.call('Deploy', { app: 'web', env: 'large', version: '1.0.0' });
    expect((await services.ended(deployed.rollout?.id ?? '')).status).to.equal('succeeded');
    expect([versionOf(one), versionOf(two), versionOf(silent)]).to.deep.equal([
      '1.0.0',
      undefined,
      undefined,
    ]);
    const { nodes } = await services.client.call('ListNodes', { selector: 'facts.memory<8GiB' });
    expect(nodes.map(({ name }) => name)).to.deep.equal(['web-2']);

    const unknown = await services.client.call('Why', { subject: 'web-3' });
    expect(unknown.answer).to.contain('large selects by facts, and it has not told its own yet');
    await two.tellFacts({ ...small, memoryAvailable: 2e9, load1: 7 });
    expect((await services.client.call('Why', { subject: 'web-2' })).answer).to.contain(
      'it belongs to web/small, where nothing was deployed yet',
    );
    await two.tellFacts(large);
    await eventually(() => versionOf(two) === '1.0.0', { what: 'the node that was given memory' });
    await one.tellFacts(undefined);
    await services.restart();
    await services.connected(one, two, silent);
    const { environments } = await services.client.call('Status', { app: 'web' });
    expect(environments.map(({ env, total }) => `${env} ${total}`)).to.deep.equal(['large 2', 'small 0']);
  });

  it('that no node has are warned of where waves go by them', async () => {
    const services = await Services.start();
    await services.connected(services.agent('web-1', { facts: large }));
    const strategy =
      'waves: [{ name: pilot, canary: { each: 1, by: [facts.os, rack] } }, { name: all, by: zoen }]';
    const { warnings } = await services.apply(specOf({ production: 'env=production' }, strategy));
    expect(warnings).to.deep.equal([
      'web/production: no node of it has "rack", by which the wave "pilot" goes',
      'web/production: no node of it has "zoen", by which the wave "all" goes',
    ]);
  });
});

describe('a node that is decommissioned', () => {
  it('loses its poll, is refused, is never lost; a new installation of its name may join', async () => {
    const services = await Services.start({
      limits: { silentAfterMs: 1, lostAfterMs: 1, startGraceMs: 0 },
    });
    await services.apply(production);
    const keeper = services.agent('web-1');
    await services.connected(keeper);
    await services.prove('1.0.0');
    const address = `127.0.0.1:${services.running.agentPort}`;
    const gone = new TestAgent(address, { name: 'web-2', instance: 'i-1', labels: { env: 'production' } });
    await eventually(async () => ((await gone.poll()).desired?.assignments.length ?? 0) > 0);
    const revisionSeen = services.running.orchestrator.revisionOf('web-2' as never);
    const held = failureOf(gone.poll({ revisionSeen }));
    await eventually(() => services.running.hub.held === 2);
    await services.client.call('DecommissionNode', { name: 'web-2', reason: 'sold' });
    const ended = await held;
    expect(ended).to.include({ code: 'refused' });
    expect(ended.hint).to.contain('remove the file "instance" of its state directory');
    expect(await failureOf(gone.poll())).to.include({ message: ended.message, hint: ended.hint });
    const { nodes } = await services.client.call('ListNodes', {});
    expect(nodes.map(({ name }) => name)).to.deep.equal(['web-1']);
    expect((await failureOf(services.client.call('Why', { subject: 'web-2' }))).code).to.equal('notFound');
    await services.restart();
    await services.connected(keeper);
    await keeper.stop();
    const kinds = await eventually(async () => {
      const events = await services.events();
      return events.some(({ kind, node }) => kind === 'node.lost' && node === 'web-1') && events;
    });
    expect(kinds.filter(({ kind, node }) => kind === 'node.lost' && node === 'web-2')).to.deep.equal([]);
    const fresh = services.agent('web-2');
    await services.connected(fresh);
    await eventually(() => versionOf(fresh) === '1.0.0');
  });

  it('leaves the rollout under way', async () => {
    const services = await Services.start();
    await services.apply(production);
    await services.connected(services.agent('web-1', waiting), services.agent('web-2', waiting));
    await services.register('1.0.0');
    const id = await services.deploy('1.0.0');
    await services.client.call('DecommissionNode', { name: 'web-1' });
    const view = await services.client.call('GetRollout', { id });
    expect(view.waves.flatMap(({ nodes }) => nodes.map(({ name }) => name))).to.deep.equal(['web-2']);
  });
});

describe('a node that joins', () => {
  it('during a rollout gets what is proven, and after it the new version', async () => {
    const services = await Services.start();
    await services.apply(production);
    const one = services.agent('web-1');
    await services.connected(one);
    await services.prove('1.0.0');
    one.behave(() => undefined);
    await services.register('2.0.0');
    const id = await services.deploy('2.0.0');
    const early = services.agent('early');
    await eventually(() => versionOf(early) === '1.0.0', { what: 'the proven release on the new node' });
    const view = await services.client.call('GetRollout', { id });
    expect(view.waves.at(-1)?.nodes.map(({ name }) => name)).to.deep.equal(['early']);
    await services.client.call('ControlRollout', { id, abort: {} });
    const late = services.agent('late');
    await eventually(() => versionOf(late) === '1.0.0');
  });
});
