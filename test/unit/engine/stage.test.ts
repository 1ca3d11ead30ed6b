import { expect } from 'chai';
import { noLimit, noShares, roomOf, shareOf, withShare } from '../../../coordinator/core/fetch-shares.js';
import { explainNode, explainRollout } from '../../../coordinator/core/rollout/explain/explain.js';
import { nodeName } from '../../sim/fixtures.js';
import { Drive, planNode, v1, v2 } from './harness.js';

const stage = { cause: 'stage' as const };
const three = () => [planNode('a1'), planNode('a2'), planNode('a3')];
const keeping = {
  staged: [v2.release.digest],
  assigned: {
    generation: 3,
    intent: 'stage' as const,
    digest: v2.release.digest,
    configRevision: v2.configRevision,
    state: 'done' as const,
  },
};

describe('a rollout that only stages', () => {
  it('tells all nodes at once, and ends when all have it', () => {
    const drive = new Drive(three(), {}, stage);
    expect(drive.assigned()).to.deep.equal(['a1=stage', 'a2=stage', 'a3=stage']);
    expect(drive.status).to.equal('staging');
    for (const name of ['a1', 'a2']) drive.report(name, 'staged');
    expect(explainRollout(drive.state, drive.now).answer).to.contain('staged on 2 of 3 nodes');
    drive.report('a3', 'staged');
    expect(drive.status).to.equal('succeeded');
    expect(drive.reason).to.equal('3 of 3 nodes have web 2.0.0 on disk');
    const finish = drive.log.find(({ kind }) => kind === 'finish');
    expect(finish).to.include({ proven: false });
  });

  it('says what three of the nodes under way wait for, as they say it', () => {
    const names = ['a1', 'a2', 'a3', 'a4', 'a5'];
    const drive = new Drive(
      names.map((name) => planNode(name)),
      {},
      stage,
    );
    const details = () => explainRollout(drive.state, drive.now).details.join('\n');
    expect(details()).to.not.contain('says');
    const note = 'store https://a is not reachable, trying again in 4s';
    for (const name of names.slice(1)) drive.report(name, 'staging', { note });
    expect(details()).to.contain(
      names
        .slice(1, 4)
        .map((name) => `${name} says: ${note}`)
        .join('\n'),
    );
    expect(details()).to.not.contain('a5');
    drive.operator('abort');
    expect(details()).to.not.contain('says');
  });

  it('lets a node that cannot hold up no other, and fails in the end', () => {
    const drive = new Drive(three(), { budget: { failed: count(0), lost: count(0) } }, stage);
    drive.report('a1', 'failed', {
      failure: { step: 'fetch', reason: 'the disk is full', logTail: '' },
    });
    expect(drive.status).to.equal('staging');
    for (const name of ['a2', 'a3']) drive.report(name, 'staged');
    expect(drive.status).to.equal('failed');
    expect(drive.reason).to.equal(
      '2 of 3 nodes have web 2.0.0 on disk; node a1 failed at fetch: the disk is full',
    );
    expect(explainRollout(drive.state, drive.now).hint).to.contain('capstan stage web@2.0.0');
  });

  it('does not wait for nodes that are offline or get lost, and says so', () => {
    const drive = new Drive([...three(), planNode('a4', { liveness: 'lost' })], {}, stage);
    drive.report('a1', 'staged');
    drive.report('a2', 'staged');
    drive.liveness('a3', 'lost');
    expect(drive.status).to.equal('succeeded');
    expect(drive.reason).to.equal('2 of 4 nodes have web 2.0.0 on disk; 1 lost; 1 skipped (offline)');
  });

  it('tries again what failed when it is asked to', () => {
    const drive = new Drive(three(), {}, stage);
    drive.report('a1', 'failed');
    drive.assigned();
    drive.operator('retry', 'a1');
    expect(drive.assigned()).to.deep.equal(['a1=stage']);
    for (const name of ['a1', 'a2', 'a3']) drive.report(name, 'staged');
    expect(drive.status).to.equal('succeeded');
  });

  it('has nodes keep what lies on their disks, and leaves alone those that were told to', () => {
    const nodes = [planNode('a1', { staged: [v2.release.digest] }), planNode('a2', keeping)];
    const drive = new Drive(nodes, {}, stage);
    expect(drive.assigned()).to.deep.equal(['a1=stage']);
    const again = new Drive([planNode('a1', keeping)], {}, stage);
    expect(again.assigned()).to.deep.equal([]);
    expect(again.reason).to.equal('nothing to do: every one of the 1 node has web 2.0.0 on disk');
  });

  it('waits for an activation that is not over yet, rather than cut it short', () => {
    const assigned = { ...keeping.assigned, intent: 'activate' as const, state: 'open' as const };
    const drive = new Drive([planNode('a1', { assigned, current: undefined })], {}, { ...stage, to: v1 });
    expect(drive.assigned()).to.deep.equal([]);
    expect(explainNode(drive.state, nodeName('a1'), 0)?.answer).to.contain('an earlier activation');
  });

  it('gives up on a node that is connected and fetches nothing, not on one that is slow (nomad#11267)', () => {
    const slow = { ...v2, release: { ...v2.release, packSize: 1000 } };
    const drive = new Drive(three(), { progressDeadlineMs: 600_000 }, { ...stage, to: slow });
    drive.report('a1', 'staged');
    for (let bytesDone = 100; bytesDone <= 500; bytesDone += 100) {
      drive.tick(500_000);
      drive.report('a2', 'staging', { fetched: { bytesDone, bytesTotal: 1000 } });
    }
    expect(drive.node('a3').phase).to.equal('failed');
    expect(drive.node('a3').failure?.reason).to.contain('got no further than "staging"');
    expect(drive.node('a2').phase).to.equal('staging');
    drive.report('a2', 'staged');
    expect(drive.status).to.equal('failed');
  });

  it('can be paused and aborted', () => {
    const drive = new Drive([planNode('a1'), planNode('a2', { liveness: 'silent' })], {}, stage);
    drive.assigned();
    drive.operator('pause');
    drive.liveness('a2', 'connected');
    expect(drive.assigned()).to.deep.equal([]);
    drive.operator('resume');
    expect(drive.assigned()).to.deep.equal(['a2=stage']);
    drive.operator('abort');
    expect(drive.status).to.equal('aborted');
  });
});

describe("shares of the fleet's bandwidth", () => {
  const mega = 1024 * 1024;

  it('are what is left for each, never less than is of use', () => {
    const shares = noShares(10 * mega);
    expect(shareOf(roomOf(shares), 2)).to.equal(5 * mega);
    expect(shareOf(roomOf(shares), 100)).to.equal(mega);
    expect(shareOf(roomOf(noShares(1.9 * mega)), 5), 'nothing is left over').to.equal(Math.floor(1.9 * mega));
    expect(shareOf(roomOf(withShare(shares, 'a', 9.5 * mega)), 1)).to.equal(undefined);
    expect(shareOf(noLimit, 5), 'no limit').to.equal(0);
    expect(shareOf(roomOf(noShares(1000)), 7), 'a budget below the least share').to.equal(1000);
  });

  it('are given back once', () => {
    let shares = withShare(noShares(10), 'a', 4);
    shares = withShare(withShare(shares, 'b', 6), 'a', 2);
    expect(shares.sum).to.equal(8);
    shares = withShare(withShare(shares, 'a', 0), 'a', 0);
    expect(shares.sum).to.equal(6);
  });
});

const count = (number: number) => ({ kind: 'count' as const, count: number });
