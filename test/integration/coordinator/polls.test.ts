import { expect } from 'chai';
import { systemClock } from '../../../shared/io/clock.js';
import type { NodeName } from '../../../shared/model/ids.js';
import { eventually } from '../../support/eventually.js';
import { failureOf, quietStatus, type Setup, startPolls, TestAgent } from './polls-fixture.js';

const nodeA = 'node-a' as NodeName;

const untilHeld = ({ hub }: Setup, count = 1): Promise<boolean> =>
  eventually(() => hub.held === count, { what: `${count} held polls` });

describe('held polls', () => {
  it('answers at once when the revision differs from the one seen', async () => {
    const { fleet, address } = await startPolls();
    fleet.revisions.set('node-a', 7);
    const answer = await new TestAgent(address).poll();
    expect(answer.desired).to.deep.equal({
      revision: 7,
      assignments: [],
      stores: ['http://127.0.0.1:1/store/v1'],
    });
    expect(answer.reportWanted).to.equal(true);
  });

  it('takes a node in before it answers, with what its connection says of it', async () => {
    const { fleet, address } = await startPolls();
    let commit = (): void => undefined;
    fleet.committed = new Promise((resolve) => {
      commit = resolve;
    });
    fleet.revisions.set('node-a', 1);
    const poll = new TestAgent(address, { labels: { zone: 'b', role: 'web' } }).poll();
    commit();
    await poll;
    const [arrival] = fleet.arrivals;
    expect(arrival?.instance).to.equal('node-a-1');
    expect(arrival?.caller.labels).to.deep.equal({ zone: 'b', role: 'web' });
    expect(arrival?.caller.address).to.match(/^127\.0\.0\.1:\d+$/);
  });

  it('asks for a missing status once, and then holds the poll', async () => {
    const setup = await startPolls();
    const agent = new TestAgent(setup.address);
    expect((await agent.poll()).reportWanted).to.equal(true);
    void agent.poll().catch(() => undefined);
    await untilHeld(setup);
    expect(setup.fleet.held.get('node-a')).to.equal(1);
  });

  it('tells a node of its restore once, and sends one away that has heard of another that began the same epoch', async () => {
    const setup = await startPolls();
    const { fleet, hub, address } = setup;
    fleet.epoch = 1_795_316_400;
    fleet.restoreId = 'aa';
    fleet.reported.add('s1');
    const poll = (name: string, restoreSeen?: string) =>
      new TestAgent(address, { name }).poll({
        epochSeen: fleet.epoch,
        ...(restoreSeen === undefined ? {} : { restoreSeen }),
      });
    expect((await poll('news', '')).desired?.revision).to.equal(0);
    const holding = [poll('told', 'aa'), poll('of-an-older-version')];
    for (const each of holding) each.catch(() => undefined);
    await untilHeld(setup, 2);
    const failure = await failureOf(poll('of-another', 'bb'));
    expect(failure.message).to.contain('the node has heard of another one of that epoch');
    expect(failure.hint).to.contain(`--after ${fleet.epoch}`);
    expect(fleet.outrankedBy).to.deep.equal([{ node: 'of-another', seen: fleet.epoch }]);
    expect(hub.held).to.equal(2);
    fleet.restoreId = ''; // a version that knew of none has served since
    poll('of-another', 'bb').catch(() => undefined);
    await untilHeld(setup, 3);
  });

  it('wakes the nodes that are named, and only those with something new', async () => {
    const setup = await startPolls();
    const { fleet, hub } = setup;
    fleet.reported.add('s1');
    const polls = ['node-a', 'node-b', 'node-c'].map((name) => new TestAgent(setup.address, { name }).poll());
    polls[1]?.catch(() => undefined);
    polls[2]?.catch(() => undefined);
    await untilHeld(setup, 3);
    fleet.revisions.set('node-a', 3);
    fleet.revisions.set('node-c', 3);
    hub.wake([nodeA, 'node-b', 'not-there'] as NodeName[]);
    expect((await polls[0])?.desired?.revision).to.equal(3);
    expect(hub.held).to.equal(2);
  });

  it('wakes more nodes than are answered in one turn', async () => {
    const setup = await startPolls();
    setup.fleet.reported.add('s1');
    const names = Array.from({ length: 300 }, (_, index) => `node-${index}`);
    const polls = names.map((name) => new TestAgent(setup.address, { name }).poll());
    await untilHeld(setup, 300);
    for (const name of names) setup.fleet.revisions.set(name, 2);
    setup.hub.wake(names as NodeName[]);
    const answers = await Promise.all(polls);
    expect(answers.every((answer) => answer.desired?.revision === 2)).to.equal(true);
    expect(setup.hub.held).to.equal(0);
  });

  it('says nothing new when the hold time is over', async () => {
    const { fleet, hub, address } = await startPolls({ holdMs: 100 });
    fleet.reported.add('s1');
    const answer = await new TestAgent(address).poll();
    expect(answer).to.deep.equal({ desired: undefined, retryAfterMs: 0, reportWanted: false, logs: [] });
    expect(hub.held).to.equal(0);
    expect(fleet.held.get('node-a')).to.equal(0);
  });

  it('slows an agent down that does not take what it is told', async () => {
    const { fleet, address } = await startPolls();
    fleet.revisions.set('node-a', 7);
    const agent = new TestAgent(address);
    expect((await agent.poll()).retryAfterMs).to.equal(0);
    expect((await agent.poll()).retryAfterMs).to.equal(1000);
  });

  it('ends the hold of a call that is given up', async () => {
    const setup = await startPolls();
    setup.fleet.reported.add('s1');
    const stop = new AbortController();
    const poll = new TestAgent(setup.address).poll({}, stop.signal);
    await untilHeld(setup);
    stop.abort();
    expect((await failureOf(poll)).code).to.equal('cancelled');
    await untilHeld(setup, 0);
    expect(setup.fleet.held.get('node-a')).to.equal(0);
  });

  it('answers all polls when it drains, spread over the time it is given', async () => {
    const setup = await startPolls();
    setup.fleet.reported.add('s1');
    const names = Array.from({ length: 20 }, (_, index) => `node-${index}`);
    const polls = names.map((name) => new TestAgent(setup.address, { name }).poll());
    await untilHeld(setup, names.length);
    setup.hub.drain(5000);
    const delays = (await Promise.all(polls)).map((answer) => answer.retryAfterMs);
    expect(Math.max(...delays)).to.be.within(1, 5000);
    expect(new Set(delays).size).to.be.above(10);
    const late = await new TestAgent(setup.address, { name: 'late' }).poll();
    expect(late.desired).to.equal(undefined);
    expect(late.retryAfterMs).to.be.within(0, 5000);
  });

  it('pushes polls back beyond the number it may hold', async () => {
    const setup = await startPolls({ maxHeld: 1 });
    setup.fleet.reported.add('s1');
    void new TestAgent(setup.address).poll().catch(() => undefined);
    await untilHeld(setup);
    const error = await failureOf(new TestAgent(setup.address, { name: 'node-b' }).poll());
    expect(error.code).to.equal('unavailable');
    expect(error.retryAfterMs).to.be.within(5000, 15_000);
  });
});

describe('names of nodes', () => {
  it('refuses a second agent with the name of one that is there, and names its address', async () => {
    const setup = await startPolls();
    setup.fleet.reported.add('s1');
    void new TestAgent(setup.address).poll().catch(() => undefined);
    await untilHeld(setup);
    const error = await failureOf(new TestAgent(setup.address, { instance: 'other', session: 's2' }).poll());
    expect(error.code).to.equal('conflict');
    expect(error.message).to.match(/^The agent at 127\.0\.0\.1:\d+ uses the name node-a already\.$/);
    expect(setup.hub.held).to.equal(1);
  });

  it('keeps the name for a while for an agent between two polls, then gives it away', async () => {
    let now = 0;
    const clock = { ...systemClock, monotonic: () => now };
    const { fleet, address } = await startPolls({ clock, nameKeptMs: 10_000 });
    fleet.revisions.set('node-a', 1);
    await new TestAgent(address).poll();
    const other = new TestAgent(address, { instance: 'other', session: 's2' });
    now = 9999;
    expect((await failureOf(other.poll())).code).to.equal('conflict');
    now = 10_000;
    expect((await other.poll()).desired?.revision).to.equal(1);
  });

  it('lets a restarted agent take the place of its former run at once', async () => {
    const setup = await startPolls();
    setup.fleet.reported.add('s1').add('s2');
    const former = new TestAgent(setup.address).poll();
    await untilHeld(setup);
    const restarted = new TestAgent(setup.address, { session: 's2' });
    void restarted.poll().catch(() => undefined);
    expect((await failureOf(former)).code).to.equal('conflict');
    await eventually(() => setup.fleet.arrivals.length === 2 && setup.hub.held === 1);
    expect(setup.fleet.held.get('node-a')).to.equal(1);
  });

  it('does not let two copies of one state directory take turns', async () => {
    const setup = await startPolls();
    setup.fleet.reported.add('s1').add('s2');
    const first = new TestAgent(setup.address);
    const former = failureOf(first.poll());
    await untilHeld(setup);
    void new TestAgent(setup.address, { session: 's2' }).poll().catch(() => undefined);
    await former;
    expect((await failureOf(first.poll())).code).to.equal('conflict');
    expect((await failureOf(first.report(1, quietStatus))).code).to.equal('conflict');
  });

  it('takes the newer of two polls of one run', async () => {
    const setup = await startPolls();
    setup.fleet.reported.add('s1');
    const agent = new TestAgent(setup.address);
    const former = failureOf(agent.poll());
    await untilHeld(setup);
    void agent.poll().catch(() => undefined);
    expect((await former).code).to.equal('cancelled');
    expect(setup.hub.held).to.equal(1);
  });

  it('expels a decommissioned node: its poll ends, and neither polls nor reports are taken', async () => {
    const setup = await startPolls();
    setup.fleet.reported.add('s1');
    const agent = new TestAgent(setup.address);
    const poll = failureOf(agent.poll());
    await untilHeld(setup);
    setup.fleet.refused.add('node-a');
    setup.hub.expel(nodeA);
    expect((await poll).code).to.equal('refused');
    expect((await failureOf(agent.poll())).code).to.equal('refused');
    expect((await failureOf(agent.report(1, quietStatus))).code).to.equal('refused');
  });
});

describe('reports and logs', () => {
  it('acknowledges a report of the run that polls', async () => {
    const { fleet, address } = await startPolls();
    const agent = new TestAgent(address);
    await agent.poll();
    expect(await agent.report(4, quietStatus)).to.equal(4);
    expect(fleet.reports).to.deep.equal([{ node: 'node-a', sequence: 4, status: quietStatus }]);
  });

  it('asks an agent to poll before it reports', async () => {
    const { fleet, address } = await startPolls();
    const error = await failureOf(new TestAgent(address).report(1, quietStatus));
    expect(error.code).to.equal('unavailable');
    expect(error.retryAfterMs).to.equal(500);
    expect(fleet.reports).to.deep.equal([]);
  });

  it('hands log requests to the held poll and gives the answer of the next report', async () => {
    const setup = await startPolls();
    setup.fleet.reported.add('s1');
    const agent = new TestAgent(setup.address);
    const poll = agent.poll();
    await untilHeld(setup);
    const text = setup.hub.requestLogs(nodeA, 'web', 1000);
    const [request] = (await poll).logs;
    expect(request).to.include({ app: 'web', maxBytes: 1000 });
    const id = request?.id ?? '';
    const stranger = new TestAgent(setup.address, { name: 'node-b' });
    void stranger.poll().catch(() => undefined);
    await untilHeld(setup);
    await stranger.report(1, quietStatus, [{ id, text: 'not mine to say' }]);
    await agent.report(1, quietStatus, [{ id, text: 'ready\n' }]);
    expect(await text).to.equal('ready\n');
  });

  it('fails a log request that is not answered in time', async () => {
    const setup = await startPolls({ logBoundMs: 50 });
    setup.fleet.reported.add('s1');
    const agent = new TestAgent(setup.address);
    const poll = agent.poll();
    await untilHeld(setup);
    const error = await failureOf(setup.hub.requestLogs(nodeA, 'web', 1000));
    await poll;
    expect(error.code).to.equal('failed');
    expect(error.message).to.contain('node-a');
  });

  it('says at once that a node is not connected', async () => {
    const { hub } = await startPolls();
    const error = await failureOf(hub.requestLogs(nodeA, 'web', 1000));
    expect(error.code).to.equal('unavailable');
  });
});
