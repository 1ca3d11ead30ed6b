import { expect } from 'chai';
import { valuesOf } from '../../../coordinator/core/collections/hash-map.js';
import { explainNode, explainRollout } from '../../../coordinator/core/rollout/explain/explain.js';
import { loadRollout } from '../../../coordinator/core/rollout/load.js';
import type {
  PlanNode,
  PlanRequest,
  RolloutHeader,
  RolloutNode,
} from '../../../coordinator/core/rollout/types.js';
import type { ParallelRule, Strategy } from '../../../shared/model/application.js';
import { nodeName, releaseId } from '../../sim/fixtures.js';
import { Drive, planNode, v1, v2, wave } from './harness.js';

const rule: ParallelRule = { label: 'slot', switch: 'manual', overlapMs: 5_000, releaseAfterMs: undefined };
const slots = { label: 'slot', fresh: 'green', old: 'blue' } as const;

/** `b…` are blue and take the requests, `g…` are green and take none. */
const node = (name: string, change: Partial<PlanNode> = {}): PlanNode =>
  planNode(name, {
    labels: { slot: name.startsWith('b') ? 'blue' : 'green' },
    ...(name.startsWith('g') ? { standby: true } : {}),
    ...change,
  });

const pair = ['b1', 'b2', 'g1', 'g2'];

function blueGreen(
  names: readonly string[] = pair,
  strategy: Partial<Strategy> = {},
  change: Partial<PlanRequest> = {},
): Drive {
  const nodes = names.map((name) => node(name));
  return new Drive(nodes, { type: 'parallel', parallel: rule, ...strategy }, { slots, nodes, ...change });
}

const auto = { parallel: { ...rule, switch: 'auto' } } as const;

/** Green has the release, and the requests. */
function kept(strategy: Partial<Strategy> = {}): Drive {
  const drive = blueGreen(pair, { ...auto, ...strategy });
  drive.healthy('g1', 'g2');
  drive.healthy('g1', 'g2');
  drive.tick(5_000);
  drive.log = [];
  return drive;
}

const step = (drive: Drive): string =>
  `${drive.state.header.slots?.towards} ${drive.state.header.slots?.step}`;
const events = (drive: Drive): string[] =>
  drive.log.flatMap((effect) => (effect.kind === 'record' ? [effect.event] : []));

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

  it('undoes a switch to a group that does not come to take requests in time', () => {
    const drive = blueGreen();
    drive.healthy('g1', 'g2');
    drive.operator('switch');
    drive.healthy('g1');
    drive.log = [];
    drive.tick(60_000);
    expect(drive.status).to.equal('failed');
    expect(drive.reason).to.equal(
      'the switch to slot=green failed: 1 node of 2 does not take requests within 1m (g2); slot=blue takes the requests as before',
    );
    const generation = drive.node('g1').generation;
    expect(drive.told()).to.deep.equal([`g1 out ${generation}`, `g2 out ${generation}`]);
    expect(drive.node('b1').generation, 'was never told anything').to.equal(0);
  });

  it('undoes a switch while both groups take requests if the new one breaks', () => {
    const drive = blueGreen(pair, auto);
    drive.healthy('g1', 'g2');
    drive.healthy('g1', 'g2');
    expect(step(drive)).to.equal('fresh overlapping');
    drive.log = [];
    drive.report('g1', 'healthy', { health: 'unhealthy', ready: false });
    expect(drive.status).to.equal('failed');
    expect(drive.told().map((line) => line.slice(0, 6))).to.deep.equal(['g1 out', 'g2 out']);
  });

  it('with onFailure pause, waits for a person after a switch that failed, with one group in service', () => {
    const drive = blueGreen(pair, { ...auto, onFailure: 'pause' });
    drive.healthy('g1', 'g2');
    drive.log = [];
    drive.tick(60_000);
    expect(drive.status).to.equal('paused');
    expect(drive.told()).to.have.length(2);
    drive.operator('switch');
    drive.healthy('g1', 'g2');
    drive.tick(5_000);
    expect(step(drive)).to.equal('fresh kept');
  });

  for (const action of ['abort', 'supersede'] as const) {
    it(`leaves one group in service when it is ended by ${action} in the middle of a switch (nomad#10098)`, () => {
      const drive = blueGreen(pair, auto);
      drive.healthy('g1', 'g2');
      drive.healthy('g1');
      drive.log = [];
      drive.operator(action);
      expect(drive.told().map((line) => line.slice(0, 6))).to.deep.equal(['g1 out', 'g2 out']);
      expect(drive.status).to.equal(action === 'abort' ? 'aborted' : 'superseded');
    });
  }

  it('counts as proven what takes the requests when the next deployment supersedes it (nomad#3357)', () => {
    const drive = kept();
    drive.operator('supersede');
    expect(drive.log.find((effect) => effect.kind === 'finish')).to.include({
      status: 'superseded',
      proven: true,
    });
    const early = blueGreen();
    early.healthy('g1', 'g2');
    early.operator('supersede');
    expect(early.log.find((effect) => effect.kind === 'finish')).to.include({ proven: false });
  });

  /** Green broke while it had the requests; the engine has told blue to take them. */
  const rescued = (): Drive => {
    const drive = kept();
    drive.healthy('b1', 'b2');
    drive.report('g1', 'healthy', { health: 'unhealthy', ready: false });
    drive.log = [];
    return drive;
  };
  const outcome = (drive: Drive) => drive.log.find((effect) => effect.kind === 'finish');

  for (const action of ['abort', 'supersede'] as const) {
    const status = action === 'abort' ? 'aborted' : 'superseded';

    for (const isThere of [false, true]) {
      const when = isThere ? 'once the old group takes requests' : 'at its very beginning';
      it(`finishes the way back from a broken group when it is ended by ${action} ${when}`, () => {
        const drive = rescued();
        if (isThere) drive.healthy('b1', 'b2');
        drive.operator(action);
        expect(drive.log).to.deep.include({ kind: 'switched', slot: 'blue' });
        expect(outcome(drive)).to.include({ status, proven: false });
        expect(drive.told().map((line) => line.slice(0, 6))).to.deep.equal(['g1 out', 'g2 out']);
        expect(drive.node('b1').standby).to.equal(false);
      });
    }

    it(`leaves the requests with a healthy group if ${action} comes before the old one takes them`, () => {
      const drive = kept();
      drive.healthy('b1', 'b2');
      drive.operator('switchBack');
      drive.log = [];
      drive.operator(action);
      expect(outcome(drive)).to.include({ status, proven: false });
      expect(drive.told().map((line) => line.slice(0, 6))).to.deep.equal(['b1 out', 'b2 out']);
    });
  }

  it('neither proves nor releases for a group that is not well', () => {
    const broken = (): Drive => {
      const drive = kept({ onFailure: 'pause' });
      drive.report('g1', 'healthy', { health: 'unhealthy', ready: false });
      expect(drive.status).to.equal('paused');
      return drive;
    };
    expect(broken().operator('release').refusal?.message).to.equal(
      'slot=green is not well: 1 node of 2 does not take requests (g1); see to it, or switch back',
    );
    const replaced = broken();
    replaced.operator('supersede');
    expect(outcome(replaced)).to.include({ status: 'superseded', proven: false });
  });

  it('holds, and switches nobody, when all that took over are lost: they may go on serving (elastic#15557)', () => {
    const budget = { failed: { kind: 'count', count: 0 }, lost: { kind: 'count', count: 2 } } as const;
    const drive = kept({ budget });
    drive.healthy('b1', 'b2');
    drive.log = [];
    drive.liveness('g1', 'lost');
    drive.liveness('g2', 'lost');
    expect(step(drive)).to.equal('fresh kept');
    expect(drive.status).to.equal('paused');
    expect(drive.told()).to.deep.equal([]);
    expect(drive.state.header.hold?.reason).to.equal(
      'none of its nodes can take requests: they are lost, but may go on serving',
    );
    drive.operator('switchBack');
    expect(step(drive)).to.equal('old opening');
  });

  it('keeps the old group for its whole time after a pause, and says that a pause watches nobody (nomad GH-27804)', () => {
    const drive = kept({ parallel: { ...auto.parallel, releaseAfterMs: 60_000 } });
    drive.tick(50_000);
    drive.operator('pause');
    const { details } = explainRollout(drive.state, drive.now);
    expect(details).to.include(
      'while it is paused, nothing is switched back by itself: capstan rollout switch-back r1',
    );
    drive.tick(50_000);
    drive.operator('resume');
    drive.tick(59_999);
    expect(drive.status).to.equal('waiting');
    drive.tick(1);
    expect(drive.status).to.equal('succeeded');
  });

  it('ends a switch that was begun though the rollout is paused: a pause is no reason for two groups', () => {
    const drive = blueGreen(pair, auto);
    drive.healthy('g1', 'g2');
    drive.operator('pause');
    drive.healthy('g1', 'g2');
    drive.tick(5_000);
    expect(step(drive)).to.equal('fresh kept');
    expect(drive.status).to.equal('paused');
  });

  it('touches nobody who takes requests when the release fails on the idle group', () => {
    const drive = blueGreen();
    drive.log = [];
    drive.fail('g1');
    expect(drive.status).to.equal('failed');
    expect(drive.reason).to.contain('slot=blue takes the requests as before');
    expect(drive.log.filter(({ kind }) => kind === 'assign' || kind === 'traffic')).to.deep.equal([]);
  });

  it('switches back by itself when what took over breaks', () => {
    const drive = kept();
    drive.healthy('b1', 'b2');
    drive.report('g1', 'healthy', { health: 'unhealthy', ready: false });
    expect(drive.status).to.equal('rollingBack');
    drive.healthy('b1', 'b2');
    drive.tick(5_000);
    expect(drive.status).to.equal('rolledBack');
    expect(drive.reason).to.equal('1 node of 2 does not take requests (g1)');
  });

  it('does not switch back for nodes that are only silent', () => {
    const drive = kept();
    drive.liveness('g1', 'silent');
    expect(step(drive)).to.equal('fresh kept');
  });

  it('stays where it is when the group to go back to does not take requests either, and waits for a person', () => {
    const drive = kept();
    drive.operator('switchBack');
    drive.log = [];
    drive.tick(60_000);
    expect(drive.status).to.equal('paused');
    expect(step(drive)).to.equal('fresh kept');
    expect(drive.told().map((line) => line.slice(0, 6))).to.deep.equal(['b1 out', 'b2 out']);
    expect(drive.state.header.hold?.reason).to.match(/^the switch to slot=blue failed/);
    drive.operator('release');
    expect(drive.status).to.equal('succeeded');
  });

  it('lets a node that was lost and comes back take requests if its group does', () => {
    const drive = blueGreen([...pair, 'g3'], {
      ...auto,
      budget: { failed: { kind: 'count', count: 0 }, lost: { kind: 'count', count: 1 } },
    });
    drive.healthy('g1', 'g2');
    drive.liveness('g3', 'lost');
    drive.healthy('g1', 'g2');
    drive.tick(5_000);
    expect(step(drive)).to.equal('fresh kept');
    drive.log = [];
    drive.liveness('g3', 'connected');
    const [assign] = drive.log.filter((effect) => effect.kind === 'assign');
    expect(assign).to.equal(undefined, 'its activation goes on');
    drive.report('g3', 'healthy', { standby: true, ready: false });
    expect(drive.told().map((line) => line.slice(0, 5))).to.deep.equal(['g3 in']);
  });

  it('does not leave behind what is under way when it switches back: it would take requests afterwards', () => {
    const budget = { failed: { kind: 'count', count: 1 }, lost: { kind: 'count', count: 0 } } as const;
    const drive = blueGreen([...pair, 'g3'], { ...auto, budget });
    drive.fail('g3');
    drive.healthy('g1', 'g2');
    drive.healthy('g1', 'g2');
    drive.tick(5_000);
    drive.operator('retry', 'g3');
    expect(drive.node('g3')).to.include({ open: true, told: 'joining' });
    drive.operator('switchBack');
    drive.healthy('b1', 'b2');
    drive.tick(5_000);
    expect(step(drive)).to.equal('old overlapping');
    drive.log = [];
    drive.healthy('g3');
    expect(drive.told().map((line) => line.slice(0, 6))).to.deep.equal(['g1 out', 'g2 out', 'g3 out']);
    expect(drive.status).to.equal('rolledBack');
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
