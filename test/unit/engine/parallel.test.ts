import { expect } from 'chai';
import { valuesOf } from '../../../coordinator/core/collections/hash-map.js';
import { explainNode, explainRollout } from '../../../coordinator/core/rollout/explain/explain.js';
import { loadRollout } from '../../../coordinator/core/rollout/load.js';
import type { RolloutNode } from '../../../coordinator/core/rollout/types/node.js';
import type { RolloutHeader } from '../../../coordinator/core/rollout/types/rollout.js';
import { nodeName, releaseId } from '../../sim/fixtures.js';
import { auto, blueGreen, events, kept, node, pair, slots, step } from './blue-green.js';
import { Drive, planNode, v1, v2, wave } from './harness.js';

describe('rollout engine: blue/green', () => {
  it('changes the idle group only, at once, and waits to be told to switch', () => {
    const drive = blueGreen();
    expect(drive.assigned()).to.deep.equal(['g1=to', 'g2=to']);
    drive.healthy('g1', 'g2');
    expect(drive.status).to.equal('waiting');
    expect(drive.told()).to.deep.equal([]);
    const why = explainRollout(drive.state, drive.now);
    expect(why.answer).to.equal('it waits for the switch of the requests to slot=green');
    expect(why.details[0]).to.equal('slot=blue takes the requests, with web 1.0.0');
    expect(why.hint).to.contain('rollout switch r1');
    expect(drive.wake, 'nothing ends by itself').to.equal(undefined);
  });

  it('assigns the release to the idle group without requests and without a drain', () => {
    const drive = blueGreen();
    const assigns = drive.log.filter((effect) => effect.kind === 'assign');
    expect(assigns.map(({ standby, drain }) => ({ standby, drain }))).to.deep.equal([
      { standby: true, drain: false },
      { standby: true, drain: false },
    ]);
  });

  it('goes through the waves of the idle group, with their gates', () => {
    const drive = blueGreen([...pair, 'g3'], {
      waves: [
        wave('first', { members: { kind: 'amount', amount: { kind: 'count', count: 1 } }, gate: 'manual' }),
        wave('rest'),
      ],
    });
    expect(drive.assigned()).to.deep.equal(['g1=to']);
    drive.healthy('g1');
    expect(drive.state.header.waves[0]?.status).to.equal('gated');
    drive.operator('approve');
    expect(drive.assigned()).to.deep.equal(['g2=to', 'g3=to']);
  });

  it('switches in one generation: the idle group first, the other once it takes requests and was overlapped', () => {
    const drive = blueGreen();
    drive.healthy('g1', 'g2');
    drive.log = [];
    drive.operator('switch');
    const told = drive.told();
    const generation = drive.node('g1').generation;
    expect(told).to.deep.equal([`g1 in ${generation}`, `g2 in ${generation}`]);
    drive.healthy('g1');
    expect(step(drive)).to.equal('fresh opening');
    drive.healthy('g2');
    expect(step(drive)).to.equal('fresh overlapping');
    drive.tick(4_999);
    expect(drive.told()).to.deep.equal([]);
    drive.tick(1);
    expect(drive.told()).to.deep.equal([`b1 out ${generation}`, `b2 out ${generation}`]);
    expect(drive.log).to.deep.include({ kind: 'switched', slot: 'green' });
    expect(step(drive)).to.equal('fresh kept');
    expect(drive.status).to.equal('waiting');
  });

  it('names who is away and may still take requests that go to the other group', () => {
    const drive = kept();
    drive.healthy('b1');
    drive.liveness('b2', 'lost');
    const { details } = explainRollout(drive.state, drive.now);
    expect(details.slice(0, 2)).to.deep.equal([
      'slot=green takes the requests, with web 2.0.0',
      'not known to have stopped taking requests: b2',
    ]);
    drive.liveness('b2', 'connected');
    drive.healthy('b2');
    expect(explainRollout(drive.state, drive.now).details[1]).to.not.match(/^not known/);
  });

  it('tells of one that is over who took requests then, and not as if it were so now', () => {
    const drive = kept();
    drive.healthy('b1');
    drive.liveness('b2', 'lost');
    drive.operator('release');
    const { details } = explainRollout(drive.state, drive.now);
    expect(details.slice(0, 2)).to.deep.equal([
      'when it ended, slot=green took the requests, with web 2.0.0',
      'not known by then to have stopped taking requests: b2 (capstan why NODE says what is so now)',
    ]);
  });

  it('tells why a node of each group takes requests, or none', () => {
    const drive = kept();
    drive.healthy('b1');
    const answer = (name: string): string | undefined =>
      explainNode(drive.state, nodeName(name), drive.now)?.answer;
    expect(answer('g1')).to.equal('nothing holds it up: it runs web 2.0.0 and takes requests');
    expect(answer('b1')).to.equal(
      'nothing holds it up: it runs web 1.0.0 and takes no requests, since slot=blue is kept for a switch back',
    );
  });

  it('does not take an older word for a readiness that came with the switch', () => {
    const drive = blueGreen();
    drive.healthy('g1', 'g2');
    const before = drive.node('g1').generation;
    drive.operator('switch');
    drive.report('g1', 'healthy', { generation: before, ready: true });
    drive.healthy('g2');
    expect(step(drive)).to.equal('fresh opening');
  });

  it('switches back at once, and ends as rolled back with one group in service', () => {
    const drive = kept();
    drive.healthy('b1', 'b2');
    drive.operator('switchBack');
    expect(drive.status).to.equal('rollingBack');
    const generation = drive.node('b1').generation;
    expect(drive.told()).to.deep.equal([`b1 in ${generation}`, `b2 in ${generation}`]);
    drive.healthy('b1', 'b2');
    drive.tick(5_000);
    expect(drive.told()).to.deep.equal([`g1 out ${generation}`, `g2 out ${generation}`]);
    expect(drive.log).to.deep.include({ kind: 'switched', slot: 'blue' });
    expect(drive.status).to.equal('rolledBack');
    expect(drive.reason).to.equal('switched back by ann: tests');
  });

  it('ends as succeeded, and proven, when a person or the clock releases the old group', () => {
    const drive = kept();
    drive.operator('release');
    expect(drive.log).to.deep.include({
      kind: 'finish',
      status: 'succeeded',
      reason: '2 of 2 nodes run web 2.0.0',
      proven: true,
    });
    const timed = kept({ parallel: { ...auto.parallel, releaseAfterMs: 60_000 } });
    expect(timed.wake).to.equal(timed.now + 60_000);
    timed.tick(59_999);
    expect(timed.status).to.equal('waiting');
    timed.tick(1);
    expect(timed.status).to.equal('succeeded');
    expect(events(timed)).to.include('slot.released');
  });

  it('refuses what makes no sense now, in a sentence', () => {
    const drive = blueGreen();
    const refusal = (action: 'switch' | 'switchBack' | 'release'): string | undefined =>
      drive.operator(action).refusal?.message;
    expect(refusal('switch')).to.equal('slot=green is not verified yet');
    expect(refusal('switchBack')).to.match(/slot=blue takes the requests/);
    drive.healthy('g1', 'g2');
    expect(refusal('release')).to.equal('no group is kept: slot=green does not take the requests yet');
    drive.operator('pause');
    expect(refusal('switch')).to.equal('the rollout is paused by ann; resume it first');
    drive.operator('resume');
    drive.operator('switch');
    expect(refusal('switch')).to.match(/on their way to slot=green already/);
    const rolling = new Drive([planNode('a1')]);
    expect(rolling.operator('switch').refusal?.message).to.match(/not parallel/);
  });

  it('does nothing if the group that takes the requests runs the release already (hawkbit PR 466)', () => {
    const drive = blueGreen(pair, {}, { to: v1 });
    expect(drive.status).to.equal('succeeded');
    expect(drive.assigned()).to.deep.equal([]);
  });

  it('takes a rollback to the group that still runs the old release, without asking and without keeping', () => {
    const green = { current: releaseId(v2), currentConfigRevision: v2.configRevision };
    const nodes = pair.map((name) => node(name, name.startsWith('g') ? green : {}));
    const drive = blueGreen(pair, {}, { cause: 'rollback', nodes });
    expect(drive.assigned()).to.deep.equal([]);
    expect(step(drive)).to.equal('fresh opening');
    drive.healthy('g1', 'g2');
    drive.tick(5_000);
    expect(drive.status).to.equal('succeeded');
  });

  it('needs no other group for the first release, and keeps none', () => {
    const empty = { serving: false, deployed: false, current: undefined };
    const nodes = pair.map((name) => node(name, { ...empty, standby: false }));
    const drive = blueGreen(pair, auto, { slots: { ...slots, old: undefined }, from: undefined, nodes });
    drive.healthy('g1', 'g2');
    drive.healthy('g1', 'g2');
    drive.tick(5_000);
    expect(drive.status).to.equal('succeeded');
  });

  it('takes a group out of load that took requests with the other one before there were groups', () => {
    const nodes = pair.map((name) => node(name, { standby: false }));
    const drive = blueGreen(
      pair,
      { waves: [wave('all', { batch: { kind: 'count', count: 1 } })] },
      { nodes },
    );
    expect(drive.told().map((line) => line.slice(0, 6))).to.deep.equal(['g2 out']);
    expect(drive.assigned()).to.deep.equal(['g1=to']);
  });

  it('goes on after a crash of the coordinator in the middle of a switch', () => {
    const drive = blueGreen(pair, auto);
    drive.healthy('g1', 'g2');
    drive.healthy('g1');
    const rows = JSON.parse(JSON.stringify([...valuesOf(drive.state.nodes)])) as RolloutNode[];
    const header = JSON.parse(JSON.stringify(drive.state.header)) as RolloutHeader;
    drive.state = loadRollout(header, rows);
    drive.log = [];
    drive.healthy('g2');
    drive.tick(5_000);
    expect(step(drive)).to.equal('fresh kept');
    expect(drive.told()).to.have.length(2);
  });
});
