import { expect } from 'chai';
import { eventually } from '../../support/eventually.js';
import type { FakeAgent } from './fake-agent.js';
import { failureOf } from './polls-fixture.js';
import { Services } from './services.js';

const web = { app: 'web', env: 'production' };

const specWith = (parallel: string): string => `apiVersion: capstan/v1
kind: Application
metadata: { name: web }
spec:
  environments:
    - name: production
      selector: env=production
      strategy:
        type: parallel
        parallel: ${parallel}
        health: { minHealthyTime: 0s, deadline: 1m }
`;

const agentOf = (services: Services, name: string, slot?: string): FakeAgent =>
  services.agent(name, { labels: { env: 'production', ...(slot === undefined ? {} : { slot }) } });

/** Two of each colour; blue has 1.0.0 and the requests. */
async function pair(parallel = '{ overlap: 0s, switch: auto }') {
  const services = await Services.start();
  await services.apply(specWith(parallel));
  const blue = ['b1', 'b2'].map((name) => agentOf(services, name, 'blue'));
  const green = ['g1', 'g2'].map((name) => agentOf(services, name, 'green'));
  const agents = [...blue, ...green];
  await services.connected(...agents);
  await services.register('1.0.0');
  const id = await services.deploy('1.0.0');
  if (parallel.includes('auto')) await services.ended(id);
  await services.register('2.0.0');
  return { services, blue, green, agents, first: id };
}

/** Names of those that take requests, as they say. */
const taking = (agents: readonly FakeAgent[]): string =>
  agents
    .filter((agent) => agent.status('web')?.ready === true)
    .map(({ name }) => name)
    .join();
const versionsOf = (agents: readonly FakeAgent[]): string =>
  agents.map((agent) => agent.status('web')?.current?.version ?? '-').join();

const control = (services: Services, id: string, action: 'switch' | 'switchBack' | 'release' | 'abort') =>
  services.client.call('ControlRollout', { id, [action]: {}, reason: '' });

async function active(services: Services): Promise<string> {
  const { environments } = await services.client.call('Status', { app: 'web' });
  return environments[0]?.activeSlot ?? '';
}

describe('a coordinator of blue and green', () => {
  it('gives the first group the first release, and the other one the next', async () => {
    const { services, agents } = await pair();
    expect(taking(agents)).to.equal('b1,b2');
    expect(await active(services)).to.equal('blue');
    const id = await services.deploy('2.0.0');
    await services.until(id, 'waiting');
    await eventually(() => taking(agents) === 'g1,g2');
    expect(versionsOf(agents)).to.equal('1.0.0,1.0.0,2.0.0,2.0.0');
    expect(await active(services)).to.equal('green');
    await control(services, id, 'release');
    expect((await services.ended(id)).status).to.equal('succeeded');
    const { environments } = await services.client.call('Status', { app: 'web' });
    expect(environments[0]).to.include({ version: '2.0.0', activeSlot: 'green' });
    await services.register('3.0.0');
    await services.until(await services.deploy('3.0.0'), 'waiting');
    await eventually(() => taking(agents) === 'b1,b2');
    expect(versionsOf(agents)).to.equal('3.0.0,3.0.0,2.0.0,2.0.0');
  });

  it('tells both groups of a switch in one generation', async () => {
    const { services, agents } = await pair();
    const id = await services.deploy('2.0.0');
    await eventually(() => taking(agents) === 'g1,g2');
    const told = agents.map((agent) => agent.assignment?.generation);
    expect(new Set(told).size).to.equal(1);
    expect(agents.map((agent) => agent.assignment?.release.version).join()).to.equal(
      '1.0.0,1.0.0,2.0.0,2.0.0',
    );
    expect((await services.until(id, 'waiting')).slots).to.deep.include({ active: 'green', step: 'kept' });
    const kinds = (await services.events()).filter(({ rollout }) => rollout === id).map(({ kind }) => kind);
    expect(kinds.filter((kind) => /^(slot|switch)\./.test(kind))).to.deep.equal([
      'slot.verified',
      'switch.started',
      'switch.done',
    ]);
  });

  it('goes back to the group that is kept by a rollback, at once', async () => {
    const { services, agents } = await pair();
    const id = await services.deploy('2.0.0');
    await services.until(id, 'waiting');
    await eventually(() => taking(agents) === 'g1,g2');
    const before = agents.map((agent) => agent.told.length);
    const answer = await services.client.call('Rollback', web);
    expect(answer.rollout?.id).to.equal(id);
    expect(answer.note).to.contain('the requests go back to slot=blue');
    expect((await services.ended(id)).status).to.equal('rolledBack');
    await eventually(() => taking(agents) === 'b1,b2');
    const assigned = agents.flatMap((agent, at) =>
      agent.told.slice(before[at]).flatMap(({ assignments }) => assignments),
    );
    expect(
      assigned.every(({ release, standby }) => (release.version === '1.0.0') !== (standby === true)),
      'one goes in, one out',
    ).to.equal(true);
    expect(await active(services)).to.equal('blue');
  });

  it('goes back later by the group that still has the old release, which nothing is changed on', async () => {
    const { services, agents } = await pair();
    const id = await services.deploy('2.0.0');
    await services.until(id, 'waiting');
    await control(services, id, 'release');
    const { rollout } = await services.client.call('Rollback', web);
    expect((await services.ended(rollout?.id ?? '')).status).to.equal('succeeded');
    await eventually(() => taking(agents) === 'b1,b2');
    expect(versionsOf(agents)).to.equal('1.0.0,1.0.0,2.0.0,2.0.0');
  });

  it('takes a rollback that is asked for twice as one', async () => {
    const { services, agents } = await pair('{ overlap: 1s, switch: auto }');
    const id = await services.deploy('2.0.0');
    await services.until(id, 'waiting');
    await control(services, id, 'release');
    const first = await services.client.call('Rollback', web);
    const back = first.rollout?.id ?? '';
    for (const version of ['', '1.0.0']) {
      const again = await services.client.call('Rollback', { ...web, version });
      expect(again).to.deep.include({ note: `${back} is doing that already`, superseded: '' });
      expect(again.rollout?.id).to.equal(back);
    }
    expect((await services.ended(back)).status).to.equal('succeeded');
    await eventually(() => taking(agents) === 'b1,b2');
  });

  it('goes back by a rollback in a freeze, as by switch-back, since it changes no node', async () => {
    const { services, agents } = await pair();
    const id = await services.deploy('2.0.0');
    await services.until(id, 'waiting');
    await services.client.call('LockEnvironment', { ...web, kind: 'freeze', reason: 'the sale' });
    const other = await failureOf(services.client.call('Rollback', { ...web, version: '2.0.0' }));
    expect(other.message).to.contain('web/production is frozen by tester');
    expect((await services.client.call('Rollback', web)).note).to.contain(
      'the requests go back to slot=blue',
    );
    expect((await services.ended(id)).status).to.equal('rolledBack');
    await eventually(() => taking(agents) === 'b1,b2');
  });

  it('ends nothing for a rollout that cannot be planned, since another environment has a whole group', async () => {
    const services = await Services.start();
    const spec = specWith('{ overlap: 0s, switch: auto }');
    await services.apply(`${spec}    - name: staging\n      selector: env=staging\n`);
    const labels = { env: 'staging', slot: 'green' };
    const agents = [agentOf(services, 'b1', 'blue'), agentOf(services, 'g1', 'green')];
    const s1 = services.agent('s1', { labels });
    await services.connected(...agents, s1);
    await services.prove('1.0.0');
    await services.register('2.0.0');
    await services.register('3.0.0');
    const id = await services.deploy('2.0.0');
    await services.until(id, 'waiting');
    s1.behave(() => undefined);
    await services.deploy('1.0.0', 'staging');
    const move = (name: string, env: string) =>
      services.client.call('LabelNode', { name, set: { env }, remove: [] });
    await move('s1', 'production');
    await move('g1', 'other');
    const refused = await failureOf(services.client.call('Deploy', { ...web, version: '3.0.0' }));
    expect(refused.message).to.contain('takes two values of the label "slot"; its nodes have blue (b1)');
    expect((await services.client.call('GetRollout', { id })).status).to.equal('waiting');
  });

  it('ends nothing for a rollout that cannot be planned once the requests are back, since a group is no group then', async () => {
    const { services } = await pair();
    await services.apply(specWith('{ overlap: 2s, switch: auto }'));
    await services.register('3.0.0');
    const stepOf = async (id: string) => (await services.client.call('GetRollout', { id })).slots?.step;
    const id = await services.deploy('2.0.0');
    await eventually(async () => (await stepOf(id)) === 'kept');
    await services.client.call('LabelNode', { name: 'g2', set: { slot: 'gren' }, remove: [] });
    await services.client.call('Rollback', web);
    await eventually(async () => (await stepOf(id)) === 'overlapping');
    const refused = await failureOf(services.client.call('Deploy', { ...web, version: '3.0.0' }));
    expect(refused.message).to.contain('its nodes have blue (b1, b2), green (g1), gren (g2)');
    const { supersededBy, status } = await services.client.call('GetRollout', { id });
    expect({ supersededBy, status }).to.deep.equal({ supersededBy: '', status: 'rollingBack' });
  });

  it('ends by a rollback what was not switched to, with the requests where they were', async () => {
    const { services, agents, first } = await pair('{ overlap: 0s }');
    await services.until(first, 'waiting');
    await control(services, first, 'switch');
    await services.ended(first);
    const id = await services.deploy('2.0.0');
    await services.until(id, 'waiting');
    const answer = await services.client.call('Rollback', web);
    expect(answer.note).to.contain('slot=blue had the requests all the time');
    expect((await services.ended(id)).status).to.equal('aborted');
    expect(taking(agents)).to.equal('b1,b2');
  });

  it('restarts the group that takes requests, in place', async () => {
    const { services, agents } = await pair();
    const { rollout } = await services.client.call('Restart', web);
    expect((await services.ended(rollout?.id ?? '')).status).to.equal('succeeded');
    expect(agents.map((agent) => agent.assignment?.activation.restart ?? false)).to.deep.equal([
      true,
      true,
      false,
      false,
    ]);
    expect(taking(agents)).to.equal('b1,b2');
  });

  it('restarts all nodes while no group has been switched to, those without a label among them', async () => {
    const { services, agents } = await pair();
    await services.apply(specWith('{ label: colour }'));
    await eventually(() => taking(agents) === 'b1,b2,g1,g2');
    await services.client.call('LabelNode', { name: 'b1', set: { colour: 'red' }, remove: [] });
    const { rollout } = await services.client.call('Restart', web);
    expect((await services.ended(rollout?.id ?? '')).status).to.equal('succeeded');
    const restarted = agents.filter((agent) => agent.assignment?.activation.restart === true);
    expect(restarted.map(({ name }) => name).join()).to.equal('b1,b2,g1,g2');
  });

  it('refuses an environment that has not two groups, and says how to make them', async () => {
    const services = await Services.start();
    await services.apply(specWith('{ label: colour }'));
    await services.connected(agentOf(services, 'a1', 'blue'), agentOf(services, 'a2', 'green'));
    await services.register('1.0.0');
    const failure = await failureOf(services.client.call('Deploy', { ...web, version: '1.0.0' }));
    expect(failure).to.include({ code: 'refused' });
    expect(failure.message).to.equal(
      'The strategy of web/production is parallel, which takes two values of the label "colour"; none of its nodes has it.',
    );
    expect(failure.hint).to.contain('capstan node label NODE colour=blue');
    expect(await services.events()).to.satisfy((events: readonly { kind: string }[]) =>
      events.every(({ kind }) => kind !== 'deploy.requested'),
    );
  });

  it('keeps out of load who joins the idle group, or is labelled into it, and gives the active one its release', async () => {
    const { services, agents } = await pair();
    const late = [agentOf(services, 'b3', 'blue'), agentOf(services, 'g3', 'green')];
    await services.connected(...late);
    await eventually(() => taking([...agents, ...late]) === 'b1,b2,b3');
    expect(versionsOf(late)).to.equal('1.0.0,-');
    await services.client.call('LabelNode', { name: 'b3', set: { slot: 'green' }, remove: [] });
    await eventually(() => taking([...agents, ...late]) === 'b1,b2');
  });

  it('ends with one group in service when what is switched to breaks while both take requests', async () => {
    const { services, agents, green } = await pair('{ overlap: 2s, switch: auto }');
    const id = await services.deploy('2.0.0');
    await eventually(() => taking(agents) === 'b1,b2,g1,g2');
    await green[0]?.say('web', { health: 'unhealthy', ready: false });
    const { status, reason } = await services.ended(id);
    expect(status).to.equal('failed');
    expect(reason).to.equal(
      'the switch to slot=green failed: 1 node of 2 does not take requests (g1); slot=blue takes the requests as before',
    );
    await eventually(() => taking(agents) === 'b1,b2');
    expect(await active(services)).to.equal('blue');
    const told = (await services.events()).filter(({ rollout }) => rollout === id);
    expect(told.map(({ kind }) => kind))
      .to.include('switch.failed')
      .and.to.not.include('switch.done');
  });

  it('takes nobody out of load because the groups get other names', async () => {
    const { services, agents, blue } = await pair();
    const label = (name: string, slot: string) =>
      services.client.call('LabelNode', { name, set: { slot }, remove: [] });
    await label('b1', 'cyan');
    await eventually(() => taking(agents) === 'b2');
    await label('b2', 'cyan');
    await eventually(() => taking(blue) === 'b1,b2');
    await services.until(await services.deploy('2.0.0'), 'waiting');
    await eventually(() => taking(agents) === 'g1,g2');
  });

  it('forgets which group was active when groups are told apart in another way, or there are none', async () => {
    const { services, agents } = await pair();
    await services.apply(specWith('{ label: colour }'));
    expect(await active(services)).to.equal('');
    await eventually(() => taking(agents) === 'b1,b2,g1,g2');
    await services.apply(specWith('{ label: slot }'));
    const { environments } = await services.client.call('Status', { app: 'web' });
    expect(environments[0]).to.include({ activeSlot: '', healthy: 4 });
    expect(taking(agents), 'nothing happens until the next deployment').to.equal('b1,b2,g1,g2');
  });

  it('knows which group takes the requests after a slip in the selector that left nobody', async () => {
    const { services, agents } = await pair();
    const id = await services.deploy('2.0.0');
    await services.until(id, 'waiting');
    await control(services, id, 'release');
    await services.ended(id);
    const spec = specWith('{ overlap: 0s, switch: auto }');
    await services.apply(spec.replace('selector: env=production', 'selector: env=prodution'));
    await services.apply(spec);
    expect(await active(services)).to.equal('green');
    const kinds = (await services.events()).map(({ kind }) => kind);
    expect(kinds).not.to.include('slot.left');
    expect(kinds).not.to.include('node.caughtUp');
    await eventually(() => taking(agents) === 'g1,g2');
    expect(versionsOf(agents)).to.equal('1.0.0,1.0.0,2.0.0,2.0.0');
  });

  it('says of a node without a colour why it holds', async () => {
    const { services } = await pair();
    await services.connected(agentOf(services, 'x1'));
    const why = await eventually(async () => {
      const { answer } = await services.client.call('Why', { subject: 'x1' });
      return answer.includes('label') && answer;
    });
    expect(why).to.equal('x1 holds what it has of web: it has no label "slot", which puts it into a group');
  });

  it('leaves out a node whose label is wrong, and says so wherever one looks', async () => {
    const { services, agents } = await pair();
    const stray = agentOf(services, 'x1', 'gren');
    await services.connected(stray);
    const why = 'its label slot=gren is neither of the two groups, blue and green; did you mean green?';
    const leftOut = `1 node is left out: x1 (${why})`;
    expect((await services.client.call('Plan', { ...web, version: '2.0.0' })).remarks).to.deep.equal([
      leftOut,
    ]);
    const { rollout, note } = await services.client.call('Deploy', { ...web, version: '2.0.0' });
    expect(note).to.equal(leftOut);
    const said = async () => {
      const { answer, hint } = await services.client.call('Why', { subject: 'x1' });
      const { environments } = await services.client.call('Status', { app: 'web' });
      return { answer, hint, problems: environments[0]?.problems };
    };
    const expected = {
      answer: `x1 holds what it has of web: ${why}`,
      hint: 'Put it into a group: capstan node label x1 slot=GROUP',
      problems: [leftOut],
    };
    expect(await said(), 'while a rollout is under way').to.deep.equal(expected);
    await eventually(() => taking(agents) === 'g1,g2');
    await control(services, rollout?.id ?? '', 'release');
    await services.ended(rollout?.id ?? '');
    expect(await said(), 'and when it is over').to.deep.equal(expected);
    const back = await services.client.call('Rollback', web);
    expect((await services.ended(back.rollout?.id ?? '')).status).to.equal('succeeded');
    expect(versionsOf([stray])).to.equal('-');
    expect((await services.events()).filter(({ kind }) => kind === 'rollout.leavesOut')).to.have.length(2);
  });

  it('says of a node of the idle group that nothing holds it up, and why it takes no requests', async () => {
    const { services } = await pair();
    await eventually(async () => {
      const { answer } = await services.client.call('Why', { subject: 'g1' });
      return answer.includes('group');
    });
    const { answer } = await services.client.call('Why', { subject: 'g1' });
    expect(answer).to.equal(
      'Nothing holds g1 up: its group slot=green is idle (slot=blue takes the requests); it has no release of web yet, and the next release comes to it first.',
    );
  });

  it('does not say that it goes there already while the requests are on their way back', async () => {
    const { services } = await pair('{ overlap: 3s, switch: auto }');
    const id = await services.deploy('2.0.0');
    await services.until(id, 'waiting');
    await control(services, id, 'switchBack');
    const refused = await failureOf(services.client.call('Deploy', { ...web, version: '2.0.0' }));
    expect(refused).to.include({ code: 'refused' });
    expect(refused.message).to.equal(
      `Rollout ${id} is turning back: the requests of web/production go to slot=blue again: switched back by tester.`,
    );
    expect(refused.hint).to.contain(`capstan rollout watch ${id}`);
    await control(services, id, 'abort');
  });

  it('ends with one group in service when the coordinator is restarted in the middle of a switch', async () => {
    const { services, agents, green } = await pair('{ overlap: 1s, switch: auto }');
    const id = await services.deploy('2.0.0');
    await eventually(() => taking(green) === 'g1,g2');
    expect(taking(agents), 'both take requests for a while').to.equal('b1,b2,g1,g2');
    await services.restart();
    await eventually(() => taking(agents) === 'g1,g2', { timeoutMs: 15_000 });
    await services.until(id, 'waiting');
    expect(await active(services)).to.equal('green');
  });

  it('counts as proven, and as what is gone back to, what the next deployment supersedes after its switch', async () => {
    const { services, agents } = await pair();
    const id = await services.deploy('2.0.0');
    await services.until(id, 'waiting');
    await services.register('3.0.0');
    const next = await services.client.call('Deploy', { ...web, version: '3.0.0' });
    expect(next).to.include({ superseded: id });
    const view = await services.until(next.rollout?.id ?? '', 'waiting');
    expect(view.from).to.equal('2.0.0');
    await eventually(() => taking(agents) === 'b1,b2');
    expect(versionsOf(agents)).to.equal('3.0.0,3.0.0,2.0.0,2.0.0');
  });
});
