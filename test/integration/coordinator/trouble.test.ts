import { expect } from 'chai';
import type { StepFailure } from '../../../shared/model/node-status.js';
import type { EventView } from '../../../shared/wire/operator-client.js';
import { eventually } from '../../support/eventually.js';
import { Services, specOf } from './services.js';

async function fleet(...names: readonly string[]) {
  const services = await Services.start();
  await services.apply(specOf({ production: 'env=production' }, 'onFailure: pause'));
  const agents = names.map((name) => services.agent(name));
  await services.connected(...agents);
  await services.prove('1.0.0');
  return { services, agents };
}

const failure: StepFailure = {
  step: 'turnBack',
  reason: 'the previous release did not start: nothing serves; start it by hand, then retry',
  logTail: 'Error: port 80 is taken',
};

const kinds = (events: readonly EventView[], kind: string): readonly string[] =>
  events.filter((event) => event.kind === kind).map(({ message }) => message);

describe('what only a person can mend', () => {
  it('names the files that drifted: in events, status, why and the view of the node', async () => {
    const { services, agents } = await fleet('web-1', 'web-2');
    const drift = { total: 1, paths: [{ path: 'bin/web', kind: 'changed' as const }] };
    await agents[0]?.say('web', { drift });
    const view = await services.client.call('GetNode', { name: 'web-1' });
    expect(view.apps[0]?.drift).to.deep.equal(drift);
    const why = await services.client.call('Why', { subject: 'web-1' });
    const sentence = 'web 1.0.0 on web-1 is not what was released: 1 file drifted: changed bin/web';
    expect(why.answer).to.contain('Nothing holds web-1 up');
    expect(why.details).to.deep.equal([sentence, '  changed: bin/web']);
    expect(why.hint).to.match(/who changed them/);
    const { environments } = await services.client.call('Status', { app: 'web' });
    expect(environments[0]?.problems).to.deep.equal([sentence]);

    await agents[0]?.say('web', { drift, note: 'the same' });
    const more = { total: 2, paths: [...drift.paths, { path: 'tmp/x', kind: 'added' as const }] };
    await agents[0]?.say('web', { drift: more });
    await agents[0]?.say('web', { drift: undefined });
    expect(kinds(await services.events(), 'node.drift')).to.deep.equal([
      sentence,
      'web 1.0.0 on web-1 is not what was released: 2 files drifted: changed bin/web, added tmp/x',
      'web on web-1 is what was released again',
    ]);
  });

  it('names what nodes say though they are at rest, beside why they failed', async () => {
    const { services, agents } = await fleet('web-1', 'web-2');
    const note = 'conf.d counts as it was before: 30.yml:1:1: unknown key';
    const told = async (): Promise<readonly unknown[]> => {
      const { environments } = await services.client.call('Status', { app: 'web' });
      const { apps } = await services.client.call('GetNode', { name: 'web-1' });
      return [environments[0]?.problems, apps[0]?.reason];
    };
    await agents[0]?.say('web', { note });
    expect(await told()).to.deep.equal([[`web on web-1: ${note}`], note]);
    await agents[0]?.say('web', { phase: 'failed', note, failure });
    const both = `turnBack: ${failure.reason}; ${note}`;
    expect(await told()).to.deep.equal([[`web on web-1: ${note}`], both]);
    await agents[0]?.say('web', { phase: 'failed', note: 'nothing serves', failure });
    expect((await told())[1], 'once is enough').to.equal(`turnBack: ${failure.reason}`);
    await agents[0]?.say('web', { phase: 'staging', note, failure: undefined });
    expect((await told())[0], 'of work that goes on, the rollout tells').to.deep.equal([]);
  });

  it('an inconsistent node stands out within a rollout, and says what serves and what to do', async () => {
    const { services, agents } = await fleet('web-1');
    agents[0]?.behave(() => undefined);
    await services.register('2.0.0');
    const id = await services.deploy('2.0.0');
    await eventually(() => agents[0]?.status('web')?.phase === 'checking');
    await agents[0]?.say('web', { phase: 'inconsistent', failure, ready: false, health: 'unhealthy' });
    const said = kinds(await services.events(), 'node.inconsistent');
    expect(said).to.deep.equal([`node web-1 could neither go on nor turn back: ${failure.reason}`]);
    const why = await services.client.call('Why', { subject: 'web-1' });
    expect(why.answer).to.contain(failure.reason);
    expect(why.logTail).to.equal(failure.logTail);
    expect(why.hint).to.match(new RegExp(`look at web-1 by hand.*rollout retry ${id} web-1`));
    expect((await services.client.call('Why', { subject: id })).hint).to.match(/look at web-1 by hand/);
    const { environments } = await services.client.call('Status', { app: 'web' });
    expect(environments[0]?.problems[0]).to.match(
      /^web on web-1 is INCONSISTENT \(current is 1\.0\.0\): turnBack/,
    );
  });

  it('an inconsistent node stands out after the rollout, when a reboot found it so', async () => {
    const { services, agents } = await fleet('web-1');
    await agents[0]?.say('web', { phase: 'inconsistent', failure, current: undefined, ready: false });
    await agents[0]?.say('web', { note: 'the same again' });
    const sentence = `web on web-1 is INCONSISTENT (nothing of it serves): turnBack: ${failure.reason}`;
    expect(kinds(await services.events(), 'node.inconsistent')).to.deep.equal([sentence]);
    const why = await services.client.call('Why', { subject: 'web-1' });
    expect(why.answer).to.equal(sentence);
    expect(why.logTail).to.equal(failure.logTail);
    expect(why.hint).to.match(/deploy again/);
  });

  it('a point of no return is an event, and in what is shown of rollout and node', async () => {
    const { services, agents } = await fleet('web-1');
    agents[0]?.behave(() => undefined);
    await services.register('2.0.0');
    const id = await services.deploy('2.0.0');
    await eventually(() => agents[0]?.status('web')?.phase === 'checking');
    await agents[0]?.say('web', { pastReturn: true });
    const sentence =
      'web 2.0.0 on web-1 is past the point of no return: its database step cannot be reversed';
    const events = await services.events();
    expect(kinds(events, 'node.pastReturn')).to.deep.equal([sentence]);
    expect(events.find(({ kind }) => kind === 'node.pastReturn')?.rollout).to.equal(id);
    const { waves } = await services.client.call('GetRollout', { id });
    expect(waves[0]?.nodes[0]).to.include({ name: 'web-1', pastReturn: true });
    expect((await services.client.call('GetNode', { name: 'web-1' })).apps[0]?.pastReturn).to.equal(true);
    expect((await services.client.call('Why', { subject: 'web-1' })).details).to.include(sentence);
  });
});
