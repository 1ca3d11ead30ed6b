import { expect } from 'chai';
import { explainRollout } from '../../../coordinator/core/rollout/explain/explain.js';
import { auto, blueGreen, kept, pair, step } from './blue-green.js';
import type { Drive } from './harness.js';

describe('rollout engine: blue/green, when something is wrong', () => {
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

    for (const isThere of [false, true]) {
      const when = isThere ? 'while both take them' : 'before the old one takes them';
      it(`leaves the requests with a healthy group, and needs no overlap for that, if ${action} comes ${when}`, () => {
        const drive = kept();
        drive.healthy('b1', 'b2');
        drive.operator('switchBack');
        if (isThere) drive.healthy('b1', 'b2');
        expect(step(drive)).to.equal(isThere ? 'old overlapping' : 'old opening');
        drive.log = [];
        drive.operator(action);
        expect(outcome(drive)).to.include({ status, proven: false });
        expect(drive.told().map((line) => line.slice(0, 6))).to.deep.equal(['b1 out', 'b2 out']);
      });
    }
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
});
