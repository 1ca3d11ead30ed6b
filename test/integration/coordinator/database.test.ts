import { expect } from 'chai';
import type { Assignment } from '../../../shared/model/desired-state.js';
import { eventually } from '../../support/eventually.js';
import type { FakeAgent, Outcome } from './fake-agent.js';
import { failureOf } from './polls-fixture.js';
import { Services, specOf } from './services.js';

const irreversible = { reversible: false, timeoutMs: 60_000 };

/** Three nodes that run 1.0.0, in an environment that lets all of them change at once. */
async function fleet() {
  const services = await Services.start();
  const spec = specOf({ production: 'env=production' }).replace('maxUnavailable: 1', 'maxUnavailable: 3');
  await services.apply(spec);
  const agents = ['web-1', 'web-2', 'web-3'].map((name) => services.agent(name));
  await services.connected(...agents);
  await services.prove('1.0.0');
  return { services, agents };
}

/** Nodes that were told to run the database step of a version, in the order of the generations. */
const toldToRun = (agents: readonly FakeAgent[], version: string): readonly string[] =>
  agents
    .flatMap(({ name, told }) =>
      told.flatMap(({ assignments }) => assignments.map((given) => ({ name, given }))),
    )
    .filter(({ given }) => given.database === true && given.release.version === version)
    .sort((a, b) => a.given.generation - b.given.generation)
    .map(({ name, given }) => `${name} ${given.generation}`)
    .filter((line, at, lines) => lines.indexOf(line) === at);

const slowOn =
  (version: string) =>
  ({ release }: Assignment): Outcome =>
    release.version === version ? undefined : 'healthy';

describe('a release with a database step', () => {
  it('has it run by one node, which all others wait for, once in an environment and over a restart', async () => {
    const { services, agents } = await fleet();
    await services.register('2.0.0', '2.0.0', { reversible: true, timeoutMs: 60_000 });
    const shown = await services.client.call('GetRelease', { app: 'web', version: '2.0.0' });
    expect(shown.release?.database).to.deep.equal({ reversible: true, timeoutMs: '60000' });
    for (const agent of agents) agent.behave(slowOn('2.0.0'));
    const id = await services.deploy('2.0.0');
    await eventually(() => toldToRun(agents, '2.0.0').length === 1);
    const why = await services.client.call('Why', { subject: 'web-2' });
    expect(why.answer).to.contain('it waits for web-1, which runs the database step before all others');
    for (const agent of agents) agent.behave(() => 'healthy');
    await agents[0]?.say('web', {
      ...{ phase: 'healthy', health: 'healthy', ready: true },
      current: agents[0].assignment?.release,
    });
    expect((await services.ended(id)).status).to.equal('succeeded');
    expect(toldToRun(agents, '2.0.0')).to.have.length(1);
    expect((await services.events()).map(({ kind }) => kind)).to.include('database.done');

    await services.restart();
    await services.connected(...agents);
    await services.prove('3.0.0');
    const back = await services.client.call('Rollback', { app: 'web', env: 'production' });
    expect((await services.ended(back.rollout?.id ?? '')).status).to.equal('succeeded');
    expect(toldToRun(agents, '2.0.0'), 'a rollback to it does not run it again').to.have.length(1);
  });

  it('that cannot be reversed turns rollbacks into a halt, and says so', async () => {
    const { services, agents } = await fleet();
    await services.register('2.0.0', '2.0.0', irreversible);
    for (const agent of agents) agent.behave(slowOn('2.0.0'));
    const id = await services.deploy('2.0.0');
    await eventually(() => agents[0]?.status('web')?.phase === 'checking');
    await agents[0]?.say('web', { pastReturn: true });
    const stopped = await services.client.call('Rollback', { app: 'web', env: 'production' });
    expect(stopped.rollout).to.include({ id, status: 'aborted' });
    const reason = 'the database step of web 2.0.0 has begun in production and cannot be reversed';
    expect(stopped.note).to.contain(`${id} was ended where it is: ${reason}`);
    expect((await services.client.call('Why', { subject: id })).answer).to.contain(reason);

    const refused = await failureOf(services.client.call('Rollback', { app: 'web', env: 'production' }));
    expect(refused.code).to.equal('refused');
    expect(refused.message).to.match(/cannot be reversed, so nothing goes back to 1\.0\.0\.$/);

    await services.register('3.0.0');
    for (const agent of agents)
      agent.behave(({ release }) => (release.version === '3.0.0' ? 'turnedBack' : 'healthy'));
    const failed = await services.ended(await services.deploy('3.0.0'));
    expect(failed.status, 'nor does the rollout of a later release go back').to.equal('failed');
    expect(failed.reason).to.contain('the database step of web 2.0.0 has begun and cannot be reversed');

    for (const agent of agents) agent.behave(() => 'healthy');
    const again = await services.ended(await services.deploy('2.0.0'));
    expect(again.status).to.equal('succeeded');
    expect(toldToRun(agents, '2.0.0'), 'it was done, for its node had come to the check').to.have.length(1);
  });

  it('that cannot be reversed is not gone past by a restart, which changes no release', async () => {
    const { services, agents } = await fleet();
    await services.register('2.0.0', '2.0.0', irreversible);
    for (const agent of agents) agent.behave(slowOn('2.0.0'));
    const id = await services.deploy('2.0.0');
    await eventually(() => agents[0]?.status('web')?.phase === 'checking');
    await agents[0]?.say('web', { pastReturn: true });
    await services.client.call('ControlRollout', { id, abort: {} });
    const refused = await failureOf(services.client.call('Restart', { app: 'web', env: 'production' }));
    expect(refused.code).to.equal('refused');
    expect(refused.message).to.match(
      /^The database step of web 2\.0\.0 has begun in production and cannot be reversed, so nothing goes back to 1\.0\.0\.$/,
    );
    for (const agent of agents) agent.behave(() => 'healthy');
    expect((await services.ended(await services.deploy('2.0.0'))).status).to.equal('succeeded');
    expect(toldToRun(agents, '2.0.0')).to.have.length(1);
  });

  it('is run again after an old release was deployed past it: its database was brought back', async () => {
    const { services, agents } = await fleet();
    await services.register('2.0.0', '2.0.0', irreversible);
    const first = await services.ended(await services.deploy('2.0.0'));
    expect(first.status).to.equal('succeeded');
    await agents[0]?.say('web', { pastReturn: true });
    expect((await services.ended(await services.deploy('1.0.0'))).status).to.equal('succeeded');
    expect((await services.ended(await services.deploy('2.0.0'))).status).to.equal('succeeded');
    expect(toldToRun(agents, '2.0.0')).to.have.length(2);
  });
});
