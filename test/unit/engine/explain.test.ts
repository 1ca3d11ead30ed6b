import { expect } from 'chai';
import { explainNode, explainRollout } from '../../../coordinator/core/rollout/explain/explain.js';
import type { Explanation } from '../../../coordinator/core/rollout/types/explanation.js';
import { withRulesOf } from '../../../shared/core/signature-refusals.js';
import { nodeName } from '../../sim/fixtures.js';
import { Drive, planNode, v2, wave } from './harness.js';

const staged = (name: string) => planNode(name, { staged: [v2.release.digest] });
const pilot = wave('pilot', { members: { kind: 'canary', by: ['zone'], each: 1 } });

const whole = (drive: Drive): Explanation => explainRollout(drive.state, drive.now);
const one = (drive: Drive, name: string): Explanation => {
  const found = explainNode(drive.state, nodeName(name), drive.now);
  if (found === undefined) throw new Error(`${name} has no part in it`);
  return found;
};

describe('why', () => {
  it('says since when a node waits for a place, and names who has it (coreos/airlock#81)', () => {
    const drive = new Drive([staged('a1'), staged('a2')]);
    drive.tick(7_000);
    drive.report('a1', 'draining');
    drive.tick(3_000);
    const { answer, since, holds } = one(drive, 'a2');
    expect(answer).to.contain('1 of 2 nodes are out of service (a1) and 1 may be');
    expect({ since, holds }).to.deep.equal({ since: 7_000, holds: true });
  });

  it('names those that are out of service for reasons of their own (coreos/airlock#81)', () => {
    const drive = new Drive([staged('a1'), staged('b1'), staged('b2')], {
      waves: [wave('zones', { members: { kind: 'by', by: ['zone'] } })],
    });
    drive.healthy('a1');
    drive.report('a1', 'healthy', { ready: false, health: 'unhealthy' });
    drive.healthy('b1');
    expect(drive.status, 'nobody is judged for a wave that has passed').to.equal('running');
    expect(whole(drive).answer).to.equal(
      'wave "zones/b": 1 of 2 nodes have settled (1 of 3 nodes are out of service (a1) and 1 may be; nothing may be started)',
    );
    expect(one(drive, 'b2').answer).to.contain('1 of 3 nodes are out of service (a1) and 1 may be');
  });

  it('counts a bake from its beginning, and says how long it still takes', () => {
    const drive = new Drive([staged('a1'), staged('b1'), staged('b2')], {
      waves: [{ ...pilot, bakeMs: 60_000 }, wave('rest')],
    });
    drive.tick(5_000);
    drive.healthy('a1', 'b1');
    drive.tick(20_000);
    const { answer, since, details } = whole(drive);
    expect(answer).to.equal('it waits for the bake of wave "pilot", 40s to go');
    expect(since).to.equal(5_000);
    expect(details).to.include.members([
      'wave "pilot" baking for 20s: 2 of 2 nodes settled; it waits for the bake of wave "pilot", 40s to go',
      'wave "rest" pending: 0 of 1 node settled; it waits for wave "pilot"',
    ]);
    expect(one(drive, 'b2')).to.include({ since: 5_000 });
    expect(one(drive, 'b2').answer).to.contain('it waits for wave "pilot" (baking); its own is "rest"');
  });

  it('counts a gate from when it was reached, a pause from when it was asked for, a freeze from its beginning', () => {
    const gated = new Drive([staged('a1'), staged('a2')], {
      waves: [{ ...pilot, gate: 'manual' }, wave('rest')],
    });
    gated.tick(4_000);
    gated.healthy('a1');
    gated.tick(9_000);
    expect(whole(gated)).to.include({ answer: 'it waits for approval of wave "pilot"', since: 4_000 });
    const paused = new Drive([staged('a1'), staged('a2')]);
    paused.tick(3_000);
    paused.operator('pause');
    paused.tick(1_000);
    expect(whole(paused).since).to.equal(3_000);
    expect(one(paused, 'a2')).to.include({ since: 3_000 });
    expect(one(paused, 'a2').answer).to.contain('paused by ann');
    paused.tick(1_000);
    paused.send({ kind: 'freeze', frozen: true });
    paused.tick(1_000);
    expect(whole(paused).since, 'what comes first is what is said').to.equal(5_000);
    expect(one(paused, 'a2').since).to.equal(5_000);
  });

  it('counts a wave that goes on from when a node last came to its end', () => {
    const drive = new Drive([staged('a1'), staged('a2'), staged('a3')]);
    drive.tick(6_000);
    drive.healthy('a1');
    drive.tick(2_000);
    expect(whole(drive)).to.include({ since: 6_000, holds: true });
    expect(whole(drive).answer).to.contain('wave "all": 1 of 3 nodes have settled');
  });

  it('names who is in the batch, and since when it is full', () => {
    const batch = { kind: 'count', count: 1 } as const;
    const drive = new Drive([staged('a1'), staged('a2')], {
      waves: [wave('all', { batch })],
      maxUnavailable: { kind: 'count', count: 2 },
    });
    drive.tick(1_000);
    const { answer, since } = one(drive, 'a2');
    expect(answer).to.contain('it waits for a place in the batch: 1 of 1 are under way (a1)');
    expect(since).to.equal(0);
  });

  it('says why it went back, with what failed first and its output (nomad#18301, elastic#2262)', () => {
    const drive = new Drive([staged('a1'), staged('a2'), staged('a3')], { waves: [pilot, wave('rest')] });
    drive.tick(8_000);
    drive.fail('a1');
    expect(one(drive, 'a3').answer).to.contain('it holds what it has: wave "pilot" failed: node a1');
    drive.healthy('a1');
    const { answer, logTail, details, hint, holds } = whole(drive);
    expect(answer).to.equal(
      'rolled back to web 1.0.0: wave "pilot" failed: node a1 turned back at check: probe http answered 500',
    );
    expect(details.join('\n')).to.not.contain('probe http answered 500');
    expect(logTail).to.equal('boom');
    expect(hint).to.contain('publish a new version');
    expect(holds).to.equal(false);
    expect(
      drive.log.some((effect) => effect.kind === 'record' && effect.event === 'rollout.rollingBack'),
    ).to.equal(true);
    expect(one(drive, 'a3').answer).to.equal('it holds what it has: the rollout has ended');
  });

  it('says to sign what nodes refuse for its signature, and not to publish it anew', () => {
    const step = 'fetch' as const;
    const rules = (reason: string) => ({
      failure: { step, reason: withRulesOf(reason, '/etc/conf.d'), logTail: '' },
    });
    const refusing = (reason: string): Drive => {
      const drive = new Drive([planNode('a1'), planNode('a2')], { waves: [pilot, wave('rest')] });
      drive.report('a1', 'turnedBack', rules(reason));
      drive.healthy('a1');
      return drive;
    };
    const unsigned = refusing('web 2.0.0 is not signed, and this node runs only signed releases of web');
    const again = 'capstan deploy web@2.0.0 --env production';
    const sign = 'capstan release sign web@2.0.0 --key FILE';
    const said = `sign it with a key that the nodes trust: ${sign}; then deploy it again: ${again}`;
    expect(whole(unsigned)).to.include({ holds: false, hint: said });
    expect(one(unsigned, 'a1').hint).to.equal(said);
    expect(one(unsigned, 'a2').hint).to.equal('see what failed, and what to do: capstan why r1');
    expect(whole(refusing('web 2.0.0 is signed, but this node trusts no key for web')).hint).to.equal(
      `sign it with a key that the nodes trust (${sign}), or have the nodes trust its key (trust.keys in their conf.d); then deploy it again: ${again}`,
    );
    expect(whole(refusing('the signature of web 2.0.0 cannot be read: it is no JSON')).hint).to.contain(
      'find out why',
    );
  });

  it('says that the same release may go out again if it failed before anything of it was at work', () => {
    const drive = new Drive([planNode('a1')]);
    const failure = { step: 'fetch', reason: 'the disk is full', logTail: '' } as const;
    drive.report('a1', 'turnedBack', { failure });
    drive.healthy('a1');
    const hint = 'mend what failed, then try again: capstan deploy web@2.0.0 --env production';
    expect(whole(drive).hint).to.equal(hint);
    expect(one(drive, 'a1').hint).to.equal(hint);
  });

  it('says how many more failed than it names', () => {
    const names = ['a1', 'a2', 'a3', 'a4', 'a5'];
    const drive = new Drive(names.map(staged), {
      maxUnavailable: { kind: 'count', count: 5 },
      budget: { failed: { kind: 'count', count: 5 }, lost: { kind: 'count', count: 0 } },
    });
    for (const name of names) drive.fail(name);
    const { details } = whole(drive);
    expect(details.filter((detail) => detail.includes('turned back'))).to.have.length(3);
    expect(details.at(-1)).to.equal('2 more nodes failed: capstan rollout show r1');
  });

  it('says of no wave that it goes on once the rollout has ended, nor of one that never began that it waits', () => {
    const drive = new Drive(['a1', 'a2', 'a3'].map(staged), {
      waves: [
        pilot,
        wave('next', { members: { kind: 'amount', amount: { kind: 'count', count: 1 } } }),
        wave('rest'),
      ],
    });
    drive.healthy('a1');
    drive.operator('abort');
    expect(whole(drive).details).to.deep.equal([
      'wave "pilot" passed: 1 of 1 node settled',
      'wave "next" ended with the rollout: 0 of 1 node settled',
      'wave "rest" never began',
    ]);
  });

  it('says what there is to approve, if anything is', () => {
    const gate = { ...pilot, gate: 'manual' as const };
    const drive = new Drive([staged('a1'), staged('a2')], { waves: [gate, wave('rest')] });
    expect(drive.operator('approve').refusal?.message).to.equal(
      'no wave waits for approval yet: the next gate is that of wave "pilot", which is running',
    );
    drive.healthy('a1');
    drive.operator('approve');
    expect(drive.operator('approve').refusal?.message).to.equal(
      'no wave waits for approval: none that is left has a manual gate',
    );
  });

  it('says that a node which was silent at the start is waited for, and then skipped (octopus#1197)', () => {
    const drive = new Drive([staged('a1'), planNode('a2', { liveness: 'silent' })]);
    expect(drive.log.filter((effect) => effect.kind === 'record').map(({ message }) => message)).to.include(
      'a2 is silent: it is waited for until it is back, or is lost and then skipped',
    );
    expect(one(drive, 'a2').answer).to.contain(
      'it waits for the node to be back; once it is lost, it is skipped',
    );
    drive.liveness('a2', 'lost');
    expect(drive.node('a2').phase).to.equal('skipped');
    drive.healthy('a1');
    expect(drive.reason).to.equal('1 of 2 nodes run web 2.0.0; 1 skipped (offline)');
  });

  it('says that nothing holds a node up that is where it is to be', () => {
    const drive = new Drive([staged('a1'), staged('a2')]);
    drive.tick(2_000);
    drive.healthy('a1');
    expect(one(drive, 'a1')).to.include({ holds: false, since: 2_000 });
    expect(one(drive, 'a1').answer).to.match(/^nothing holds it up/);
  });
});
