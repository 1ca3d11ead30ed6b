import { expect } from 'chai';
import { eventually } from '../../support/eventually.js';
import { failureOf } from './polls-fixture.js';
import { production, releaseWith, Services, type ServicesOptions, specOf } from './services.js';

const api = production.replace('name: web', 'name: api');
const web = { app: 'web', env: 'production' };
const gated = specOf(
  { production: 'env=production' },
  'waves:\n  - { name: pilot, canary: { total: 1 }, gate: manual }\n  - { name: rest }',
);

const asking = (services: Services) => (subject: string) => services.client.call('Why', { subject });

async function fleet(spec: string, ...names: readonly string[]) {
  const services = await Services.start();
  await services.apply(spec);
  const agents = names.map((name) => services.agent(name));
  await services.connected(...agents);
  return { services, agents, why: asking(services) };
}

describe('why NODE', () => {
  it('names what holds a node up, of whichever application; what runs well hides nothing', async () => {
    const { services, agents, why } = await fleet(production, 'web-1');
    await services.apply(api);
    await services.prove('1.0.0');
    agents[0]?.behave(({ app }) => (app === 'api' ? 'turnedBack' : 'healthy'));
    await services.client.call('RegisterRelease', { app: 'api', release: releaseWith('5.0.0', 'api') });
    const call = { app: 'api', env: 'production', version: '5.0.0' };
    const { rollout } = await services.client.call('Deploy', call);
    await services.ended(rollout?.id ?? '');
    const failed = await why('web-1');
    expect(failed.answer).to.contain('GET /healthz answered 503');
    expect(failed.logTail).to.equal('cannot find module');
    expect(Date.parse(failed.since)).to.be.within(Date.now() - 60_000, Date.now());
  });

  it('tells what is under way before what failed long ago, though another application is told first', async () => {
    const { services, agents, why } = await fleet(production, 'web-1');
    await services.apply(api);
    const [agent] = agents;
    agent?.behave(() => 'turnedBack');
    await services.client.call('RegisterRelease', { app: 'api', release: releaseWith('5.0.0', 'api') });
    const { rollout } = await services.client.call('Deploy', {
      app: 'api',
      env: 'production',
      version: '5.0.0',
    });
    await services.ended(rollout?.id ?? '');
    agent?.behave(() => undefined);
    await services.register('1.0.0');
    const id = await services.deploy('1.0.0');
    await eventually(async () => (await why('web-1')).answer.includes('is being checked'));
    const { answer, details } = await why('web-1');
    expect(answer).to.contain('web 1.0.0: it is being checked');
    expect(details.at(-1)).to.match(/^api: .*GET \/healthz answered 503/);
    await services.client.call('ControlRollout', { id, abort: {}, reason: '' });
  });

  it('explains a node that waits in a first deploy, though nothing was assigned to it yet', async () => {
    const { services, why } = await fleet(gated, 'web-1', 'web-2');
    const idle = await why('web-2');
    expect(idle.answer).to.equal(
      'Nothing holds web-2 up: it belongs to web/production, where nothing was deployed yet.',
    );
    await services.register('1.0.0');
    const id = await services.deploy('1.0.0');
    await services.until(id, 'waiting');
    const { answer, details, since } = await why('web-2');
    expect(answer).to.equal('web 1.0.0: it waits for wave "pilot" (gated); its own is "rest"');
    expect(details).to.include('it waits for approval of wave "pilot"');
    expect(Date.parse(since)).to.be.within(Date.now() - 60_000, Date.now());
  });

  it('says since when a node holds what it has, whatever else happens meanwhile', async () => {
    const hold = (text: string): string =>
      text.replace('      strategy:', '      join: hold\n      strategy:');
    const { services, why } = await fleet(hold(production), 'web-1');
    await services.prove('1.0.0');
    await services.connected(services.agent('web-2'));
    const first = await why('web-2');
    expect(first.answer).to.equal('web-2 holds what it has of web: its environment lets new nodes hold');
    expect(first.hint).to.equal('Deploy what is to run there: capstan deploy web@VERSION --env production');
    const since = Date.parse(first.since);
    expect(since).to.be.within(Date.now() - 60_000, Date.now());
    await services.client.call('LabelNode', { name: 'web-1', set: { canary: 'yes' } });
    const again = await why('web-2');
    expect(Math.abs(Date.parse(again.since) - since)).to.be.below(50);
  });
});

describe('why NODE outside of rollouts', () => {
  const joining = async (options: ServicesOptions = {}) => {
    const services = await Services.start(options);
    await services.apply(production);
    await services.connected(services.agent('web-1'));
    await services.prove('1.0.0');
    const late = services.agent('web-2', { outcome: () => undefined });
    await services.connected(late);
    const why = asking(services);
    await eventually(async () => (await why('web-2')).answer.includes('checked'));
    return { services, late, why };
  };

  it('names what a node that joined is doing, since when, and what it says of it', async () => {
    const { services, late, why } = await joining({ bandwidth: 5_000_000 });
    const before = Date.now();
    const checked = await why('web-2');
    expect(checked.answer).to.match(/^web 1\.0\.0: it is being checked, for \d+m?s$/);
    expect(checked.details).to.deep.equal([
      'no rollout has told it so: it is brought to where web/production is',
    ]);
    await services.restart();
    await services.connected(late);
    expect((await why('web-2')).since).to.equal(checked.since);
    const fetched = { bytesDone: 1_200_000, bytesTotal: 4_000_000 };
    await late.say('web', { phase: 'staging', fetched, note: 'store http://a/ is not reachable' });
    const fetching = await why('web-2');
    expect(fetching.answer).to.match(
      /^web 1\.0\.0: it is fetching and verifying: 1\.2 MB of 4\.0 MB, for \d+m?s \(it says: store http:\/\/a\/ is not reachable\)$/,
    );
    expect(fetching.details).to.include("its share of the fleet's bandwidth is 5.0 MB a second");
    expect(Date.parse(fetching.since)).to.be.within(before, Date.now());
    await late.say('web', { phase: 'staging', fetched: { ...fetched, bytesDone: 2_000_000 }, note: '' });
    const further = await why('web-2');
    expect(further.answer).to.contain('2.0 MB of 4.0 MB');
    expect(further.since).to.equal(fetching.since);
    late.behave(() => 'healthy');
    await late.finishStaging();
    expect((await why('web-2')).answer).to.equal('Nothing holds web-2 up: it runs what it was told to.');
  });

  it('says what a node was about that is not heard of any more', async () => {
    const { late, why } = await joining({ limits: { silentAfterMs: 100 } });
    await late.stop();
    const silent = await eventually(async () => {
      const said = await why('web-2');
      return said.answer.includes('holds no poll') ? said : undefined;
    });
    expect(silent.details).to.deep.equal(['web 1.0.0: it is being checked, as it last told']);
  });

  it('names what a node goes on with that a rollout which has ended had told it', async () => {
    const { services, agents, why } = await fleet(production, 'web-1');
    agents[0]?.behave(() => undefined);
    await services.register('1.0.0');
    const id = await services.deploy('1.0.0');
    await eventually(() => agents[0]?.status('web')?.phase === 'checking');
    await services.client.call('ControlRollout', { id, abort: {}, reason: 'wrong build' });
    const { answer, details } = await why('web-1');
    expect(answer).to.match(/^web 1\.0\.0: it is being checked, for /);
    expect(details).to.deep.equal([`it was told so by ${id}, which has ended`]);
  });
});

describe('why APP@V', () => {
  it('names what holds its rollout up, and since when, as why ROLLOUT does', async () => {
    const { services, why } = await fleet(gated, 'web-1', 'web-2');
    await services.register('1.0.0');
    const id = await services.deploy('1.0.0');
    await services.until(id, 'waiting');
    const [release, rollout] = [await why('web@1.0.0'), await why(id)];
    expect(release.answer).to.equal(
      `web 1.0.0 is on its way into production by ${id}: it waits for approval of wave "pilot"`,
    );
    expect(release.hint).to.equal(`capstan rollout approve ${id}`);
    expect(Math.abs(Date.parse(release.since) - Date.parse(rollout.since))).to.be.below(50);
    await services.client.call('ControlRollout', { id, pause: {}, reason: 'lunch' });
    expect((await why('web@1.0.0')).answer).to.contain('paused by tester: lunch');
    await services.client.call('ControlRollout', { id, abort: {}, reason: 'wrong build' });
    const aborted = await why('web@1.0.0');
    expect(aborted.answer).to.contain(
      `web 1.0.0 did not come into production with ${id}: aborted by tester: wrong build`,
    );
    expect(aborted.hint).to.contain('capstan deploy web@1.0.0 --env production');
    expect(Date.parse(aborted.since)).to.be.within(Date.now() - 60_000, Date.now());
  });

  it('names what replaced it, and a lock or a freeze that keeps it out', async () => {
    const { services, agents, why } = await fleet(production, 'web-1');
    for (const version of ['1.0.0', '2.0.0']) await services.register(version);
    agents[0]?.behave(({ release }) => (release.version === '1.0.0' ? undefined : 'healthy'));
    const id = await services.deploy('1.0.0');
    await services.ended(await services.deploy('2.0.0'));
    expect((await why('web@1.0.0')).answer).to.contain(
      `web 1.0.0 did not come into production with ${id}: superseded by tester: replaced by`,
    );
    await services.client.call('LockEnvironment', { ...web, kind: 'freeze', reason: 'the sale' });
    const frozen = await why('web@1.0.0');
    expect(frozen.answer).to.equal('web/production is frozen by tester: the sale.');
    expect(frozen.details.join()).to.contain('superseded by tester');
    expect(frozen.hint).to.contain(
      'capstan env thaw web/production --reason TEXT (and --force, unless you are tester)',
    );
    expect(Date.parse(frozen.since)).to.be.within(Date.now() - 60_000, Date.now());
    expect((await why('web@2.0.0')).answer).to.equal(
      'Nothing holds web 2.0.0 up: it is in every environment.',
    );
  });

  it('names what it was poisoned by, before all that could be settled', async () => {
    const services = await Services.start({ poisonAfter: 1 });
    await services.apply(production);
    await services.connected(services.agent('web-1', { outcome: () => 'turnedBack' }));
    await services.register('1.0.0');
    await services.ended(await services.deploy('1.0.0'));
    await services.client.call('LockEnvironment', { ...web, kind: 'lock', reason: 'the sale' });
    const { answer, details, hint } = await asking(services)('web@1.0.0');
    expect(answer).to.match(/^Release 1\.0\.0 of "web" is poisoned since .*GET \/healthz answered 503/);
    expect(hint).to.contain('capstan poison forgive');
    expect(details.join('\n')).to.match(/is locked by tester[^]*did not come into production/);
  });

  it('says what its environment waits for outside of its maintenance window', async () => {
    const never = new Date(Date.now() + 3 * 86_400_000).toLocaleDateString('en', {
      weekday: 'short',
      timeZone: 'UTC',
    });
    const window = `maintenance: { timeZone: UTC, windows: [{ days: [${never.toLowerCase()}], from: "02:00", for: 1h }] }`;
    const { services, why } = await fleet(
      production.replace('      strategy:', `      ${window}\n      strategy:`),
      'web-1',
    );
    await services.register('1.0.0');
    expect((await why('web@1.0.0')).answer).to.match(
      /^web\/production waits for its maintenance window, which opens at /,
    );
    const still = await why('web/production');
    expect(still.answer).to.match(/^web\/production waits for its maintenance window/);
    const dayMs = 86_400_000;
    expect(Date.now() - Date.parse(still.since)).to.be.within(3 * dayMs, 5 * dayMs);
    const id = await services.deploy('1.0.0');
    expect((await why('web@1.0.0')).answer).to.match(
      new RegExp(`^web 1.0.0 is on its way into production by ${id}: it waits for its maintenance window`),
    );
  });
});

describe('why APP/ENV', () => {
  it('explains its rollout, how that ended, what keeps it shut, or what it runs', async () => {
    const { services, why } = await fleet(gated, 'web-1', 'web-2');
    const place = 'web/production';
    expect((await why(place)).answer).to.equal(
      'Nothing holds web/production up: nothing was proven there yet, on 2 nodes.',
    );
    await services.register('1.0.0');
    const id = await services.deploy('1.0.0');
    await services.until(id, 'waiting');
    const waiting = await why(place);
    expect(waiting).to.include({ kind: 'environment', hint: `capstan rollout approve ${id}` });
    expect(waiting.answer).to.equal(
      `web/production: ${id} is waiting: it waits for approval of wave "pilot"`,
    );
    await services.client.call('ControlRollout', { id, abort: {}, reason: 'wrong build' });
    expect((await why(place)).answer).to.contain(
      `web/production stays as ${id} has left it: aborted by tester`,
    );
    await services.client.call('LockEnvironment', { ...web, kind: 'lock', reason: 'the sale' });
    const locked = await why('web');
    expect(locked.answer).to.equal('web/production is locked by tester: the sale.');
    expect(Date.parse(locked.since)).to.be.within(Date.now() - 60_000, Date.now());
    await services.client.call('UnlockEnvironment', { ...web, kind: 'lock', reason: 'over' });
    const again = await services.deploy('1.0.0');
    await services.until(again, 'waiting');
    await services.client.call('ControlRollout', { id: again, approve: {}, reason: '' });
    await services.ended(again);
    expect(await why('web')).to.include({
      answer: 'Nothing holds web/production up: 2 of 2 nodes run web 1.0.0.',
      since: '',
    });
  });

  it('tells of an application the environment that is held up, and the others beneath', async () => {
    const { services, why } = await fleet(
      specOf({ staging: 'env=staging', production: 'env=production' }),
      'web-1',
    );
    await services.client.call('LockEnvironment', { ...web, kind: 'freeze', reason: 'the sale' });
    const { answer, details } = await why('web');
    expect(answer).to.equal('web/production is frozen by tester: the sale.');
    expect(details.at(-1)).to.equal(
      'Nothing holds web/staging up: no node matches its selector "env=staging".',
    );
  });

  it('knows what there is not', async () => {
    const { why } = await fleet(production, 'web-1');
    expect((await failureOf(why('moon'))).message).to.equal(
      'There is no node, rollout or application named "moon".',
    );
    expect((await failureOf(why('web/moon'))).code).to.equal('notFound');
    expect((await failureOf(why('web/production/x'))).code).to.equal('invalid');
  });
});

describe('status', () => {
  it('says that a first deploy failed, until another one is under way', async () => {
    const { services, agents } = await fleet(production, 'web-1');
    const problems = async () =>
      (await services.client.call('Status', { app: 'web' })).environments[0]?.problems ?? [];
    expect(await problems()).to.deep.equal([]);
    agents[0]?.behave(() => 'turnedBack');
    await services.register('1.0.0');
    await services.ended(await services.deploy('1.0.0'));
    expect(await problems()).to.deep.equal([
      'the deploy of 1.0.0 did not succeed, and none has before: capstan why web/production says what failed',
    ]);
    agents[0]?.behave(() => undefined);
    await services.register('2.0.0');
    await services.deploy('2.0.0');
    expect(await problems()).to.deep.equal([]);
  });

  it('says once that a rollout was left unfinished, only while it is, and not while the next one runs', async () => {
    const { services, agents } = await fleet(
      specOf(
        { production: 'env=production' },
        'onFailure: pause\nwaves:\n  - { name: pilot, canary: { total: 2 }, gate: manual }\n  - { name: rest }',
      ),
      'web-1',
      'web-2',
      'web-3',
    );
    const problems = async () =>
      (await services.client.call('Status', { app: 'web' })).environments[0]?.problems ?? [];
    await services.register('1.0.0');
    const first = await services.deploy('1.0.0');
    await services.until(first, 'waiting');
    await services.client.call('ControlRollout', { id: first, approve: {}, reason: '' });
    await services.ended(first);
    await services.register('2.0.0');
    const id = await services.deploy('2.0.0');
    await services.until(id, 'waiting');
    await services.client.call('ControlRollout', { id, abort: {}, reason: '' });
    await eventually(async () => (await problems()).length > 0);
    expect((await problems()).filter((text) => text.includes('last rollout'))).to.deep.equal([
      '2 nodes hold what they have (web-1, web-2): the last rollout was not completed; the next deploy decides',
    ]);
    await services.register('3.0.0');
    for (const agent of agents) agent.behave(() => undefined);
    await services.deploy('3.0.0');
    expect(await problems()).to.deep.equal([]);
  });
});
