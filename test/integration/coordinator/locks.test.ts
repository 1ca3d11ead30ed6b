import { expect } from 'chai';
import { systemClock } from '../../../shared/io/clock.js';
import { connectOperator } from '../../../shared/wire/operator-client.js';
import { cleanUp } from '../../support/cleanup.js';
import { eventually } from '../../support/eventually.js';
import { failureOf } from './polls-fixture.js';
import { production, Services, specOf } from './services.js';

const web = { app: 'web', env: 'production' };
const lock = { ...web, kind: 'lock', reason: 'cutting over the database' };
const freeze = { ...web, kind: 'freeze', reason: 'the sale' };

/** Three nodes that run 1.0.0, and 2.0.0 to be deployed. */
async function fleet(options: Parameters<typeof Services.start>[0] = {}, spec = production) {
  const services = await Services.start(options);
  await services.apply(spec);
  const agents = ['web-1', 'web-2', 'web-3'].map((name) => services.agent(name));
  await services.connected(...agents);
  await services.prove('1.0.0');
  await services.register('2.0.0');
  return { services, agents };
}

/** Somebody else than `services.client`, who is called tester. */
function bob(services: Services) {
  const client = connectOperator({ address: `127.0.0.1:${services.running.operatorPort}`, actor: 'bob' });
  cleanUp(() => {
    client.close();
  });
  return client;
}

const production1 = async (services: Services) => {
  const { environments } = await services.client.call('Status', { app: 'web' });
  const [first] = environments;
  if (first === undefined) throw new Error('no environment');
  return first;
};

/** A clock whose wall time can be set; time passes as ever. */
function wallClock(start: string) {
  let ahead = Date.parse(start) - Date.now();
  return {
    clock: { ...systemClock, now: () => systemClock.now() + ahead },
    set: (text: string) => {
      ahead = Date.parse(text) - Date.now();
    },
  };
}

describe('an environment that is locked', () => {
  it('lets its owner deploy and nobody else, and says who, since when and why', async () => {
    const { services } = await fleet();
    const other = bob(services);
    const set = await services.client.call('LockEnvironment', lock);
    expect(set).to.include({ scope: 'web/production', owner: 'tester', until: '' });
    for (const method of ['Deploy', 'Stage', 'Restart', 'Rollback'] as const) {
      const refused = await failureOf(other.call(method, { ...web, version: '2.0.0' }));
      expect(refused.code, method).to.equal('refused');
      expect(refused.message).to.match(
        /^web\/production is locked by tester: cutting over the database \(since 20/,
      );
      expect(refused.hint).to.contain('capstan env unlock web/production --reason TEXT --force');
    }
    expect((await production1(services)).lock).to.deep.include({ owner: 'tester', reason: lock.reason });
    await services.ended(await services.deploy('2.0.0'));
    expect((await production1(services)).version).to.equal('2.0.0');
  });

  it('is unlocked by its owner, or by whoever insists, and all of it is in the events', async () => {
    const { services } = await fleet();
    const other = bob(services);
    await services.client.call('LockEnvironment', lock);
    const mine = await failureOf(other.call('LockEnvironment', { ...lock, reason: 'me too' }));
    expect(mine.message).to.contain('is locked by tester');
    const refused = await failureOf(other.call('UnlockEnvironment', { ...lock, reason: 'hurry' }));
    expect(refused.hint).to.contain('Ask tester, or insist');
    await services.restart();
    await other.call('UnlockEnvironment', { ...lock, reason: 'he is on holiday', force: true });
    const nothing = await failureOf(other.call('UnlockEnvironment', { ...lock, reason: 'again' }));
    expect(nothing).to.include({ code: 'notFound', message: 'web/production is not locked.' });
    const events = (await services.events()).filter(({ kind }) => kind.startsWith('env.'));
    expect(events.map(({ kind, actor, reason, message }) => [kind, actor, reason, message])).to.deep.equal([
      ['env.locked', 'tester', lock.reason, 'tester has locked web/production'],
      ['env.unlocked', 'bob', 'he is on holiday', 'bob has unlocked web/production, which tester had locked'],
    ]);
  });

  it('by its application counts for every environment, until its time is over', async () => {
    const { clock, set } = wallClock('2026-11-20T12:00:00Z');
    const { services } = await fleet({ clock });
    const other = bob(services);
    const late = await failureOf(
      services.client.call('LockEnvironment', { ...lock, until: '2026-11-20T11:00:00Z' }),
    );
    expect(late.message).to.contain('is over');
    for (const until of ['100000000d', '9999-12-31']) {
      const far = await failureOf(services.client.call('LockEnvironment', { ...lock, until }));
      expect(far.message).to.contain(`"${until}" is not a time`);
      expect(far.hint).to.contain('no more than ten years');
    }
    const made = await services.client.call('LockEnvironment', { ...lock, env: '', until: '2h' });
    expect(made.scope).to.equal('web');
    expect(made.until).to.match(/^2026-11-20T14:00:0/);
    const deploy = { ...web, version: '2.0.0' };
    expect((await failureOf(other.call('Deploy', deploy))).message).to.contain(
      'web is locked by tester until',
    );
    const gone = await failureOf(services.apply(specOf({ staging: 'env=staging' })));
    expect(gone.message).to.contain('web/production is gone from the spec, but web is locked by tester');
    set('2026-11-20T14:00:01Z');
    await eventually(async () => (await services.events()).some(({ kind }) => kind === 'env.unlocked'));
    expect((await other.call('Deploy', deploy)).rollout?.requestedBy).to.equal('bob');
  });

  it('keeps others from bringing a rollout on, not from stopping it', async () => {
    const { services, agents } = await fleet();
    const other = bob(services);
    for (const agent of agents) agent.behave(() => undefined);
    const id = await services.deploy('2.0.0');
    await services.client.call('LockEnvironment', lock);
    await other.call('ControlRollout', { id, pause: {} });
    const refused = await failureOf(other.call('ControlRollout', { id, resume: {} }));
    expect(refused).to.include({ code: 'refused' });
    expect((await other.call('ControlRollout', { id, abort: {} })).status).to.equal('aborted');
  });
});

describe('an environment that is frozen', () => {
  it('starts nothing, holds what is under way between nodes over a restart, and goes on when it is thawed', async () => {
    const { services, agents } = await fleet();
    const held = agents.slice(1);
    for (const agent of held)
      agent.behave(({ release }) => (release.version === '2.0.0' ? undefined : 'healthy'));
    const id = await services.deploy('2.0.0');
    await eventually(async () => (await services.client.call('GetRollout', { id })).healthy === 1);
    await services.client.call('LockEnvironment', freeze);
    for (const agent of held) {
      agent.behave(() => 'healthy');
      await agent.finishStaging();
    }
    const paused = await services.until(id, 'paused');
    expect(paused.waitingFor).to.equal('a thaw: web/production is frozen by tester: the sale');
    const own = await failureOf(services.client.call('Deploy', { ...web, version: '1.0.0' }));
    expect(own.message).to.contain('web/production is frozen by tester: the sale (since');
    expect(own.hint).to.contain('capstan env thaw web/production --reason TEXT');
    await eventually(async () => (await services.client.call('GetRollout', { id })).healthy === 2);
    await services.restart();
    await services.connected(...agents);
    expect((await services.client.call('GetRollout', { id })).status).to.equal('paused');
    const why = await services.client.call('Why', { subject: 'web-3' });
    expect(why.answer).to.contain('it waits for a thaw: web/production is frozen by tester: the sale');
    expect(why.since).to.match(/^20/);
    expect((await production1(services)).freeze).to.deep.include({ owner: 'tester', reason: 'the sale' });
    await services.client.call('UnlockEnvironment', { ...freeze, reason: 'over' });
    expect((await services.ended(id)).status).to.equal('succeeded');
  });

  it('gives a node that is new what is proven', async () => {
    const { services } = await fleet();
    await services.client.call('LockEnvironment', freeze);
    const fresh = services.agent('web-4');
    await services.connected(fresh);
    await eventually(() => fresh.status('web')?.current?.version === '1.0.0');
  });
});

describe('maintenance windows', () => {
  const spec = production.replace(
    '      strategy:',
    '      maintenance: { timeZone: Europe/Berlin, windows: [{ days: [fri], from: "22:00", for: 4h }] }\n      strategy:',
  );

  it('hold a rollout until one opens, and between nodes when it closes', async () => {
    const { clock, set } = wallClock('2026-11-20T21:30:00Z'); // a Friday, 22:30 in Berlin
    const { services, agents } = await fleet({ clock }, spec);
    const open = (await production1(services)).window;
    expect(open).to.deep.include({ open: true, until: '2026-11-21T01:00:00.000Z' });
    const held = agents.slice(1);
    for (const agent of held)
      agent.behave(({ release }) => (release.version === '2.0.0' ? undefined : 'healthy'));
    const id = await services.deploy('2.0.0');
    await eventually(async () => (await services.client.call('GetRollout', { id })).healthy === 1);
    set('2026-11-21T01:00:00Z');
    const waiting = await services.until(id, 'waiting');
    expect(waiting.waitingFor).to.equal('its maintenance window, which opens at 2026-11-27T21:00:00Z');
    for (const agent of held) {
      agent.behave(() => 'healthy');
      await agent.finishStaging();
    }
    await eventually(async () => (await services.client.call('GetRollout', { id })).healthy === 2);
    const why = await services.client.call('Why', { subject: id });
    expect(why.answer).to.contain('its maintenance window, which opens at');
    set('2026-11-27T21:00:00Z');
    expect((await services.ended(id)).status).to.equal('succeeded');
    const kinds = (await services.events()).filter(({ rollout }) => rollout === id).map(({ kind }) => kind);
    expect(kinds).to.include.members(['rollout.held', 'rollout.resumed', 'rollout.succeeded']);
  });

  it('hold a rolling restart, and not a rollback', async () => {
    const { clock, set } = wallClock('2026-11-20T21:30:00Z');
    const { services } = await fleet({ clock }, spec);
    await services.ended(await services.deploy('2.0.0'));
    set('2026-11-23T12:00:00Z');
    await eventually(async () => (await production1(services)).window?.open === false);
    const { rollout } = await services.client.call('Restart', web);
    expect(rollout?.status).to.equal('waiting');
    await services.client.call('ControlRollout', { id: rollout?.id ?? '', abort: {} });
    const back = await services.client.call('Rollback', { ...web, version: '1.0.0' });
    expect((await services.ended(back.rollout?.id ?? '')).status).to.equal('succeeded');
  });

  it('that are applied meanwhile count at once', async () => {
    const { clock } = wallClock('2026-11-23T12:00:00Z');
    const { services, agents } = await fleet({ clock });
    for (const agent of agents) agent.behave(() => undefined);
    const id = await services.deploy('2.0.0');
    await services.apply(spec);
    await services.until(id, 'waiting');
    await services.apply(production);
    await services.until(id, 'running');
  });
});
