import { expect } from 'chai';
import {
  explainNode,
  explainRollout,
  waitingFor,
} from '../../../coordinator/core/rollout/explain/explain.js';
import { nodeName } from '../../sim/fixtures.js';
import { Drive, planNode, wave } from './harness.js';

const nodes = (...names: string[]): ReturnType<typeof planNode>[] => names.map((name) => planNode(name));
const one = { kind: 'count', count: 1 } as const;
const none = { kind: 'count', count: 0 } as const;
const waves = [
  wave('first', { members: { kind: 'amount', amount: { kind: 'count', count: 2 } } }),
  wave('rest'),
];
const waveStatus = (drive: Drive, at = 0): string | undefined => drive.state.header.waves[at]?.status;

/** Both nodes of the first wave have the release, and the first of them has fallen silent since. */
function silentDrive(bakeMs = 0): Drive {
  const [first = wave('first'), rest = wave('rest')] = waves;
  const drive = new Drive(nodes('a1', 'a2', 'b1'), {
    waves: [{ ...first, bakeMs }, rest],
    budget: { failed: none, lost: one },
  });
  drive.healthy('a1');
  drive.liveness('a1', 'silent');
  drive.healthy('a2');
  drive.assigned();
  return drive;
}

describe('rollout engine: nodes that are not heard of', () => {
  it('are neither healthy nor failed: their wave passes once they are back', () => {
    const drive = silentDrive();
    expect(waveStatus(drive)).to.equal('running');
    expect(drive.state.header.counts).to.include({ total: 3, healthy: 1, settled: 1, failed: 0, lost: 0 });
    expect(explainRollout(drive.state, drive.now).answer).to.equal(
      'wave "first": 1 of 2 nodes have settled (1 of 3 nodes are out of service (a1) and 1 may be; not connected: a1)',
    );
    expect(explainNode(drive.state, nodeName('a1'), drive.now)).to.include({
      answer:
        'it ran web 2.0.0 when it was last heard of; it is silent; its wave does not pass before it is back, or lost',
      holds: true,
    });
    drive.liveness('a1', 'connected');
    expect(waveStatus(drive)).to.equal('passed');
    expect(drive.assigned()).to.deep.equal(['b1=to']);
  });

  it('are no lack of progress, however long that takes: they are lost by a limit of their own', () => {
    const drive = silentDrive();
    drive.tick(24 * 3_600_000);
    expect(drive.status).to.equal('running');
    drive.liveness('a1', 'lost');
    expect(waveStatus(drive)).to.equal('passed');
  });

  it('can be excused, if somebody knows better', () => {
    const drive = silentDrive();
    drive.operator('excuse', 'a1');
    expect(waveStatus(drive)).to.equal('passed');
    expect(drive.operator('excuse', 'a2').refusal?.message).to.include('node a2 is healthy');
  });

  it('are lost after their time, and then the budget says whether the wave passes', () => {
    const drive = silentDrive();
    drive.liveness('a1', 'lost');
    expect(waveStatus(drive)).to.equal('passed');
    expect(drive.state.header.counts).to.include({ healthy: 1, lost: 1 });
    drive.healthy('b1');
    expect(drive.reason).to.equal('2 of 3 nodes run web 2.0.0; 1 lost');
  });

  it('keep a bake from ending, and nobody wakes for its end meanwhile', () => {
    const drive = silentDrive(60_000);
    expect(waveStatus(drive), 'it does not even begin').to.equal('running');
    drive.liveness('a1', 'connected');
    expect(waveStatus(drive)).to.equal('baking');
    expect(drive.wake).to.equal(60_000);
    drive.liveness('a2', 'silent');
    expect(drive.wake).to.equal(undefined);
    drive.tick(70_000);
    expect(waveStatus(drive)).to.equal('baking');
    expect(waitingFor(drive.state, drive.now)).to.equal('');
    drive.liveness('a2', 'connected');
    expect(waveStatus(drive)).to.equal('passed');
  });

  it('of a wave that has passed hold nothing up, and are not counted as healthy in the end', () => {
    const drive = silentDrive();
    drive.liveness('a1', 'connected');
    drive.liveness('a1', 'silent');
    drive.healthy('b1');
    expect(drive.status).to.equal('succeeded');
    expect(drive.reason).to.equal('2 of 3 nodes run web 2.0.0; 1 not heard of');
  });
});

describe('rollout engine: what a node is at', () => {
  it('does not go back from staged to staging when its release is looked at once more', () => {
    const drive = new Drive(nodes('a1'), { stageRequire: one });
    drive.report('a1', 'staged');
    expect(drive.node('a1').phase).to.equal('staged');
    drive.report('a1', 'staging');
    expect(drive.node('a1').phase).to.equal('staged');
    drive.report('a1', 'draining');
    expect(drive.node('a1').phase).to.equal('draining');
  });
});
