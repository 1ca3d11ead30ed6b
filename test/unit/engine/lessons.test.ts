import { expect } from 'chai';
import { nodeName, target } from '../../sim/fixtures.js';
import { Drive, planNode, v1, v2, wave } from './harness.js';

const nodes = (...names: string[]): ReturnType<typeof planNode>[] => names.map((name) => planNode(name));
const pilot = wave('pilot', { members: { kind: 'canary', by: ['zone'], each: 1 } });

/** What was said under this name since effects were last taken. */
const said = (drive: Drive, event: string): string[] =>
  drive.log.flatMap((effect) => (effect.kind === 'record' && effect.event === event ? [effect.message] : []));

describe('rollout engine: lessons paid for by others', () => {
  it('judges a stored deadline by a tick, not by an event (nomad#11267, #10465, #20295, argo#3765, #3988)', () => {
    const drive = new Drive(nodes('a1', 'a2'));
    expect(drive.wake).to.equal(600_000);
    drive.tick(599_999);
    expect(drive.status).to.equal('running');
    drive.tick(1);
    expect(drive.status).to.equal('rollingBack');
  });

  it('takes the slot from a node that vanished (hawkbit#693, octopus#517)', () => {
    const drive = new Drive(nodes('a1', 'a2', 'a3'), {
      budget: { failed: { kind: 'count', count: 0 }, lost: { kind: 'count', count: 1 } },
    });
    expect(drive.assigned()).to.deep.equal(['a1=to']);
    drive.liveness('a1', 'silent');
    expect(drive.assigned()).to.deep.equal([]);
    drive.liveness('a1', 'lost');
    expect(drive.assigned()).to.deep.equal(['a2=to']);
    drive.liveness('a2', 'lost');
    expect(drive.reason).to.match(/2 nodes of 3 lost/);
  });

  it('counts pending activations against concurrency (nomad GH-27284)', () => {
    const drive = new Drive(nodes('a1', 'a2', 'a3'), { maxUnavailable: { kind: 'count', count: 2 } });
    expect(drive.assigned()).to.deep.equal(['a1=to', 'a2=to']);
  });

  it('starts the next node only when the last is healthy (habitat#7576)', () => {
    const drive = new Drive(nodes('a1', 'a2'));
    drive.assigned();
    drive.report('a1', 'checking');
    drive.report('a1', 'healthy', {
      ready: false,
      current: { version: v2.release.version, digest: v2.release.digest },
    });
    expect(drive.assigned()).to.deep.equal([]);
    drive.healthy('a1');
    expect(drive.assigned()).to.deep.equal(['a2=to']);
  });

  it('rolls back neither slowly through the canary nor all at once (nomad#10882, #14200)', () => {
    const drive = new Drive(nodes('a1', 'a2', 'a3', 'a4'), {
      waves: [wave('all', { bakeMs: 60_000, gate: 'manual' })],
      maxUnavailable: { kind: 'count', count: 2 },
      budget: { failed: { kind: 'count', count: 0 }, lost: { kind: 'count', count: 0 } },
    });
    drive.healthy('a1', 'a2', 'a3');
    drive.assigned();
    drive.fail('a4');
    expect(drive.status).to.equal('rollingBack');
    expect(drive.assigned()).to.deep.equal(['a1=from', 'a2=from']);
    drive.healthy('a1', 'a2', 'a3', 'a4');
    expect(drive.status).to.equal('rolledBack');
    expect(drive.node('a4').failure?.reason).to.equal('probe http answered 500');
  });

  it('does not undo a wave that has passed for one late failure (nomad#10881)', () => {
    const drive = new Drive([planNode('a1'), planNode('b1'), planNode('b2')], {
      waves: [wave('zone', { members: { kind: 'by', by: ['zone'] } })],
      budget: { failed: { kind: 'count', count: 0 }, lost: { kind: 'count', count: 0 } },
    });
    drive.healthy('a1');
    expect(drive.state.header.waves[0]?.status).to.equal('passed');
    drive.report('a1', 'healthy', { health: 'unhealthy', ready: false });
    expect(drive.status).to.equal('running');
  });

  it('excuses a node by name, and goes on (nomad#10881)', () => {
    const drive = new Drive(nodes('a1', 'a2'), { onFailure: 'pause' });
    drive.fail('a1', 'failed');
    expect(drive.status).to.equal('paused');
    drive.assigned();
    drive.operator('excuse', 'a1');
    expect(drive.assigned()).to.deep.equal(['a2=to']);
    drive.healthy('a2');
    expect(drive.status).to.equal('succeeded');
  });

  it('sends what a superseded rollout left unfinished to the proven release (nomad#10098, GH-8691)', () => {
    const third = target(3);
    const assigned = {
      generation: 0,
      intent: 'activate' as const,
      digest: third.release.digest,
      configRevision: third.configRevision,
      state: 'open' as const,
    };
    const drive = new Drive([planNode('a1'), planNode('a2', { assigned })], { waves: [pilot, wave('rest')] });
    expect(drive.assigned()).to.include('a2=from');
  });

  it('does not go back to the same release (nomad PR 3496)', () => {
    const drive = new Drive(nodes('a1', 'a2'), {}, { cause: 'restart', to: v1 });
    drive.fail('a1', 'failed');
    expect(drive.status).to.equal('failed');
    expect(drive.reason).to.contain('it is the release that ran before');
  });

  it('never rolls a rollback back (habitat#7160)', () => {
    const drive = new Drive(
      nodes('a1', 'a2'),
      { waves: [pilot, wave('rest', { gate: 'manual' })] },
      { cause: 'rollback' },
    );
    expect(drive.state.header.waves.map(({ name, gate }) => `${name} ${gate}`)).to.deep.equal(['all auto']);
    drive.fail('a1', 'failed');
    expect(drive.status).to.equal('failed');
  });

  it('can be aborted from any state (spinnaker#5952, #6224, hawkbit#2558)', () => {
    const paused = new Drive(nodes('a1', 'a2'));
    paused.operator('pause');
    const back = new Drive(nodes('a1', 'a2'), { waves: [pilot, wave('rest')] });
    back.fail('a1');
    const frozen = new Drive(nodes('a1'));
    frozen.send({ kind: 'freeze', frozen: true });
    for (const drive of [paused, back, frozen]) {
      drive.assigned();
      drive.operator('abort');
      expect(drive.status).to.equal('aborted');
      expect(drive.assigned()).to.deep.equal([]);
      expect(drive.operator('abort').refusal?.code).to.equal('refused');
    }
  });

  it('retries with the frozen targets and a new generation (octopus#4383, #2625)', () => {
    const drive = new Drive(nodes('a1', 'a2'), { onFailure: 'pause' });
    const { generation } = drive.node('a1');
    drive.fail('a1', 'failed');
    drive.assigned();
    drive.operator('retry', 'a1');
    expect(drive.assigned()).to.deep.equal(['a1=to']);
    expect(drive.node('a1').generation).to.be.greaterThan(generation);
    expect(drive.node('a1').attempts).to.equal(2);
  });

  it('does not fail everyone for an offline node, and lets it catch up (octopus#1197)', () => {
    const drive = new Drive([planNode('a1', { liveness: 'lost' }), planNode('a2'), planNode('a3')]);
    expect(drive.node('a1').phase).to.equal('skipped');
    expect(said(drive, 'rollout.skips')).to.deep.equal([
      '1 node is offline and skipped: a1; it catches up when it is back',
    ]);
    expect(drive.assigned()).to.deep.equal(['a2=to']);
    drive.liveness('a1', 'connected');
    expect(said(drive, 'node.back')).to.deep.equal(['node a1 is back and catches up']);
    expect(drive.assigned(), 'within the floor, as all others').to.deep.equal([]);
    drive.healthy('a2');
    drive.healthy('a1', 'a3', 'a1', 'a3');
    expect(drive.status).to.equal('succeeded');
    expect(drive.state.header.counts.healthy).to.equal(3);
  });

  it('lets nodes of a wave that has passed catch up, and judges nobody for them (octopus#1197, nomad#10881)', () => {
    const drive = new Drive(
      [planNode('a1', { liveness: 'lost' }), planNode('a2'), planNode('b1'), planNode('b2')],
      {
        waves: [wave('zones', { members: { kind: 'by', by: ['zone'] } })],
        budget: { failed: { kind: 'count', count: 0 }, lost: { kind: 'count', count: 0 } },
      },
    );
    drive.healthy('a2');
    expect(drive.state.header.waves[0]?.status).to.equal('passed');
    drive.assigned();
    drive.liveness('a1', 'connected');
    expect(drive.assigned(), 'b1 has the place').to.deep.equal([]);
    drive.healthy('b1');
    expect(drive.assigned()).to.deep.equal(['a1=to']);
    drive.fail('a1');
    drive.healthy('b2');
    expect(drive.status).to.equal('succeeded');
    expect(drive.reason).to.contain('1 failed');
  });

  it('leaves one node out of a canary as large as its group, and does not stick at it (Teleport docs)', () => {
    const greedy = wave('pilot', { members: { kind: 'canary', by: ['zone'], each: 5 } });
    const drive = new Drive(nodes('a1', 'a2', 'a3'), { waves: [greedy, wave('rest')] });
    expect(drive.state.header.waves.map(({ name }) => name)).to.deep.equal(['pilot', 'rest']);
    expect(drive.node('a3').wave).to.equal(1);
    drive.healthy('a1', 'a2', 'a3');
    expect(drive.status).to.equal('succeeded');
    const alone = new Drive(nodes('a1'), { waves: [greedy, wave('rest')] });
    alone.healthy('a1');
    expect(alone.status).to.equal('succeeded');
  });

  it('gives a new node the proven release, not a mix (hawkbit#1548, #1529)', () => {
    const drive = new Drive(nodes('a1', 'a2'));
    drive.assigned();
    const fresh = { serving: false, deployed: false, current: undefined, currentConfigRevision: undefined };
    drive.send({ kind: 'nodeJoined', node: planNode('a9', fresh) });
    expect(drive.assigned()).to.deep.equal(['a9=from']);
  });

  it('subtracts a node that left, and says so (hawkbit PR 328)', () => {
    const drive = new Drive(nodes('a1', 'a2'));
    drive.send({ kind: 'nodeDecommissioned', node: nodeName('a1') });
    drive.healthy('a2');
    expect(drive.status).to.equal('succeeded');
    expect(drive.log.some((effect) => effect.kind === 'record' && effect.event === 'node.left')).to.equal(
      true,
    );
  });

  it('gives the full time again after pause, retry and approve (nomad GH-27804, argo#279)', () => {
    const drive = new Drive(nodes('a1', 'a2'));
    drive.tick(500_000);
    drive.operator('pause');
    drive.tick(10_000);
    drive.operator('resume');
    expect(drive.state.header.progressDue).to.equal(510_000 + 600_000);
  });

  it('does nothing for the same version again (hawkbit PR 466)', () => {
    const on = {
      current: { version: v2.release.version, digest: v2.release.digest },
      currentConfigRevision: v2.configRevision,
    };
    const drive = new Drive([planNode('a1', on), planNode('a2', on)]);
    expect(drive.status).to.equal('succeeded');
    expect(drive.assigned()).to.deep.equal([]);
  });

  it('is done with no node at all (hawkbit PR 328)', () => {
    expect(new Drive([]).status).to.equal('succeeded');
  });

  it('stops, and does not roll on, past a failure (octopus#7078, #2885)', () => {
    const drive = new Drive(nodes('a1', 'a2'), { onFailure: 'pause' });
    drive.assigned();
    drive.fail('a1', 'failed');
    drive.tick(3_600_000);
    expect(drive.assigned()).to.deep.equal([]);
    expect(drive.status).to.equal('paused');
  });

  it('waits without judging while the coordinator suspects itself (elastic#15557)', () => {
    const drive = new Drive(nodes('a1', 'a2'));
    drive.send({ kind: 'freeze', frozen: true });
    expect(drive.wake).to.equal(undefined);
    drive.tick(900_000);
    drive.send({ kind: 'freeze', frozen: false });
    expect(drive.status).to.equal('running');
    expect(drive.wake).to.equal(1_500_000);
  });
});
