import { expect } from 'chai';
import {
  explainNode,
  explainRollout,
  waitingFor,
} from '../../../coordinator/core/rollout/explain/explain.js';
import { nodeName } from '../../sim/fixtures.js';
import { Drive, planNode, v2, wave } from './harness.js';

const nodes = (...names: string[]): ReturnType<typeof planNode>[] => names.map((name) => planNode(name));
const pilot = wave('pilot', {
  members: { kind: 'canary', by: ['zone'], each: 1 },
  bakeMs: 60_000,
  gate: 'manual',
});

describe('rollout engine', () => {
  it('goes through pilot, bake, gate and the rest', () => {
    const drive = new Drive(nodes('a1', 'a2', 'b1', 'b2'), {
      waves: [pilot, wave('rest', { batch: { kind: 'count', count: 1 } })],
      maxUnavailable: { kind: 'count', count: 2 },
    });
    expect(drive.assigned()).to.deep.equal(['a1=to', 'b1=to']);
    drive.healthy('a1', 'b1');
    expect(drive.state.header.waves[0]?.status).to.equal('baking');
    expect(waitingFor(drive.state, drive.now)).to.equal('the bake of wave "pilot", 1m to go');
    expect(drive.wake).to.equal(60_000);
    drive.tick(60_000);
    expect(drive.status).to.equal('waiting');
    expect(drive.wake).to.equal(undefined);
    expect(explainRollout(drive.state, drive.now).answer).to.equal('it waits for approval of wave "pilot"');
    expect(explainNode(drive.state, nodeName('a2'), drive.now)?.answer).to.equal(
      'web 2.0.0: it waits for wave "pilot" (gated); its own is "rest"',
    );
    expect(drive.assigned()).to.deep.equal([]);
    drive.operator('approve');
    expect(drive.assigned()).to.deep.equal(['a2=to']);
    drive.healthy('a2', 'b2');
    expect(drive.status).to.equal('succeeded');
    expect(drive.reason).to.equal('4 of 4 nodes run web 2.0.0');
    expect(drive.log.at(-1)).to.deep.include({ kind: 'finish', proven: true });
  });

  it('turns back at the first canary failure, and says which node, step and reason', () => {
    const drive = new Drive(nodes('a1', 'a2', 'b1'), { waves: [pilot, wave('rest')] });
    drive.fail('a1');
    drive.healthy('a1', 'b1');
    expect(drive.status).to.equal('rolledBack');
    const why = explainRollout(drive.state, drive.now);
    expect(why.answer).to.equal(
      'rolled back to web 1.0.0: wave "pilot" failed: node a1 turned back at check: probe http answered 500',
    );
    expect(why.logTail).to.equal('boom');
    expect(drive.node('a2').phase).to.equal('pending');
    expect(drive.log.at(-1)).to.deep.include({ kind: 'finish', proven: false });
    const said = drive.log.flatMap((effect) =>
      effect.kind === 'record' ? `${effect.event} ${effect.node ?? ''}` : [],
    );
    expect(said.filter((event) => event === 'node.failed a1')).to.have.length(1);
    expect(said).to.include('node.returned a1');
  });

  it('proves no release that runs nowhere, however many may fail', () => {
    const all = { kind: 'percent', percent: 100 } as const;
    const drive = new Drive(nodes('a1', 'a2'), { maxUnavailable: all, budget: { failed: all, lost: all } });
    drive.fail('a1');
    drive.fail('a2');
    expect(drive.status).to.equal('failed');
    expect(drive.reason).to.equal('none of the 2 nodes runs web 2.0.0, so it is not proven');
    expect(drive.log.at(-1)).to.deep.include({ kind: 'finish', proven: false });
  });

  it('activates nothing before the stage requirement holds', () => {
    const drive = new Drive(nodes('a1', 'a2'), { stageRequire: { kind: 'percent', percent: 100 } });
    expect(drive.status).to.equal('staging');
    expect(drive.assigned()).to.deep.equal(['a1=stage', 'a2=stage']);
    drive.report('a1', 'staged');
    expect(drive.assigned()).to.deep.equal([]);
    drive.report('a2', 'staged');
    expect(drive.assigned()).to.deep.equal(['a1=to']);
    expect(drive.status).to.equal('running');
  });

  it('changes nodes that are out of service first, for free', () => {
    const drive = new Drive([
      planNode('a1'),
      planNode('a2', { serving: false }),
      planNode('a3', { serving: false }),
    ]);
    expect(drive.assigned()).to.deep.equal(['a2=to', 'a3=to']);
  });

  it('lets a first deploy that fails end there: every node holds', () => {
    const empty = { serving: false, deployed: false, current: undefined, currentConfigRevision: undefined };
    const drive = new Drive(
      [planNode('a1', empty), planNode('a2', empty)],
      { waves: [pilot, wave('rest')] },
      { from: undefined },
    );
    drive.assigned();
    drive.fail('a1', 'failed');
    expect(drive.status).to.equal('failed');
    expect(drive.assigned()).to.deep.equal([]);
  });

  it('restarts in the same waves, and tells the nodes to', () => {
    const drive = new Drive(nodes('a1', 'a2'), {}, { cause: 'restart', to: v2, from: v2 });
    const restarts = drive.log.filter((effect) => effect.kind === 'assign').map(({ restart }) => restart);
    expect(restarts).to.deep.equal([true]);
    drive.healthy('a1', 'a2');
    expect(drive.status).to.equal('succeeded');
  });

  it('keeps how long nodes took to fetch and to change, the minimum healthy time left out', () => {
    const drive = new Drive([planNode('a1'), planNode('a2', { staged: [v2.release.digest] })], {
      health: { minHealthyTimeMs: 5_000, deadlineMs: 60_000 },
    });
    drive.tick(20_000);
    drive.report('a1', 'staged');
    drive.tick(3_000);
    drive.report('a1', 'checking');
    drive.tick(9_000);
    drive.healthy('a1');
    expect(drive.state.header.took).to.deep.equal({
      fetch: { nodes: 1, ms: 20_000 },
      change: { nodes: 1, ms: 7_000 },
    });
    drive.tick(15_000);
    drive.healthy('a2');
    expect(drive.state.header.took?.change).to.deep.equal({ nodes: 2, ms: 17_000 });
    expect(drive.state.header.took?.fetch.nodes).to.equal(1);
  });

  it('names the node that takes the place of the next one', () => {
    const drive = new Drive(nodes('a1', 'a2'));
    drive.report('a1', 'draining');
    expect(explainNode(drive.state, nodeName('a2'), drive.now)?.answer).to.equal(
      'web 2.0.0: it waits: 1 of 2 nodes are out of service (a1) and 1 may be',
    );
    expect(explainRollout(drive.state, drive.now).answer).to.contain('under way: a1 (draining)');
  });

  it('gives up on a connected node that never comes to an end, and still counts it as out of service', () => {
    const drive = new Drive(nodes('a1', 'a2'), {
      onFailure: 'pause',
      budget: { failed: { kind: 'count', count: 1 }, lost: { kind: 'count', count: 0 } },
      progressDeadlineMs: 3_600_000,
    });
    drive.report('a1', 'checking');
    drive.assigned();
    drive.tick(90_000);
    expect(drive.node('a1').phase).to.equal('failed');
    expect(drive.assigned()).to.deep.equal([]);
    drive.fail('a1');
    expect(drive.assigned()).to.deep.equal(['a2=to']);
  });

  it('refuses to resume what would pause again at once, and says what helps; once that is done it goes on', () => {
    const halted = (): Drive => {
      const drive = new Drive(nodes('a1', 'a2'), { onFailure: 'pause' });
      drive.fail('a1', 'failed');
      drive.assigned();
      return drive;
    };
    for (const hold of ['engine', 'operator']) {
      const drive = halted();
      if (hold === 'operator') drive.operator('pause');
      const before = drive.state;
      const { refusal, effects } = drive.operator('resume');
      expect(refusal?.code, hold).to.equal('refused');
      expect(refusal?.message).to.match(
        /^it would pause again at once: wave "all" failed: .*; retry or excuse/,
      );
      expect(effects).to.deep.equal([]);
      expect(drive.state).to.equal(before);
    }
    const person = halted();
    person.operator('pause');
    person.operator('excuse', 'a1');
    expect(person.status, 'a pause of a person stays').to.equal('paused');
    expect(person.operator('resume').refusal).to.equal(undefined);
    expect(person.status).to.equal('running');
    const budget = { failed: { kind: 'count', count: 0 }, lost: { kind: 'count', count: 0 } } as const;
    const away = new Drive(nodes('a1', 'a2'), { onFailure: 'pause', budget });
    away.liveness('a1', 'lost');
    expect(away.state.header.hold?.by).to.equal('engine');
    expect(away.operator('resume').refusal?.message).to.contain('1 node of 2 lost');
    away.liveness('a1', 'connected');
    expect(away.operator('resume').refusal, 'what kept it is over').to.equal(undefined);
    expect(away.status).to.equal('running');
  });

  it('refuses an unknown node and an action that makes no sense', () => {
    const drive = new Drive(nodes('a1'));
    expect(drive.operator('retry', 'zz').refusal?.code).to.equal('notFound');
    expect(drive.operator('approve').refusal?.message).to.match(/^no wave waits for approval/);
    expect(drive.operator('resume').refusal?.message).to.equal('the rollout is not paused');
  });
});
