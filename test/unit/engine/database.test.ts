import { expect } from 'chai';
import { explainNode, explainRollout } from '../../../coordinator/core/rollout/explain/explain.js';
import type { PlanRequest } from '../../../coordinator/core/rollout/types/plan.js';
import type { Strategy } from '../../../shared/model/application.js';
import type { StepName } from '../../../shared/model/node-status.js';
import { target } from '../../sim/fixtures.js';
import { Drive, planNode, v2 } from './harness.js';

const minute = 60_000;
const nodes = (...names: string[]): ReturnType<typeof planNode>[] => names.map((name) => planNode(name));
const generous: Partial<Strategy> = {
  maxUnavailable: { kind: 'count', count: 3 },
  budget: { failed: { kind: 'count', count: 3 }, lost: { kind: 'count', count: 3 } },
};

const drive = (
  reversible: boolean,
  change: Partial<PlanRequest> = {},
  strategy: Partial<Strategy> = {},
): Drive =>
  new Drive(
    nodes('a1', 'a2', 'a3'),
    { ...generous, ...strategy },
    { database: { reversible, timeoutMs: 30 * minute }, ...change },
  );

/** Who was told to run the database step since the last call. */
const told = (of: Drive): string[] => {
  const runs = of.log.flatMap((effect) => (effect.kind === 'assign' && effect.database ? [effect.node] : []));
  of.log = [];
  return runs;
};

const failAt = (of: Drive, name: string, step: StepName, pastReturn = false): void => {
  const failure = { step, reason: 'it ended with 1', logTail: 'no such column' };
  of.report(name, step === 'database' ? 'failed' : 'turnedBack', {
    failure,
    ...(pastReturn ? { pastReturn } : {}),
  });
};

describe('rollout engine: the database step', () => {
  it('is run by the first node of the first wave, and nobody else moves before that one is healthy', () => {
    const one = drive(true);
    expect(one.assigned()).to.deep.equal(['a1=to']);
    expect(one.log).to.deep.equal([]);
    one.report('a1', 'checking');
    expect(one.assigned()).to.deep.equal([]);
    expect(explainNode(one.state, one.node('a2').name, one.now)?.answer).to.contain(
      'it waits for a1, which runs the database step before all others',
    );
    one.healthy('a1');
    expect(told(one)).to.deep.equal([]);
    expect(one.node('a2').open).to.equal(true);
    one.healthy('a2', 'a3');
    expect(one.status).to.equal('succeeded');
  });

  it('is given to a node that serves rather than to one that is ill, and to none that joined', () => {
    const ill = { serving: false };
    const one = new Drive(
      [planNode('a1', ill), planNode('a2')],
      { ...generous, stageRequire: { kind: 'percent', percent: 100 } },
      { database: { reversible: true, timeoutMs: minute }, join: 'target' },
    );
    one.send({ kind: 'nodeJoined', node: planNode('a3') });
    one.report('a1', 'staged', { ready: false });
    one.log = [];
    one.report('a2', 'staged');
    expect(told(one)).to.deep.equal(['a2']);
    expect(one.node('a1').open || one.node('a3').open).to.equal(false);
  });

  it('is not run again by a retry if the node got past it while the retry waited for a person', () => {
    const one = drive(
      true,
      {},
      {
        onFailure: 'pause',
        budget: { failed: { kind: 'count', count: 0 }, lost: { kind: 'count', count: 0 } },
      },
    );
    expect(told(one)).to.deep.equal(['a1']);
    one.now += 60 * minute; // it says nothing for so long that it has failed
    one.send({ kind: 'tick' });
    expect(one.node('a1').phase).to.equal('failed');
    one.operator('pause');
    one.operator('retry', 'a1');
    one.report('a1', 'draining');
    one.log = [];
    one.operator('resume');
    expect(told(one)).to.deep.equal([]);
    expect(one.node('a1').open).to.equal(true);
  });

  it('begins where the one of a superseded rollout may still run, after it, and nowhere else', () => {
    const { release, configRevision } = target(3);
    const running = {
      ...{ generation: 7, intent: 'activate' as const, state: 'open' as const, database: true },
      ...{ digest: release.digest, configRevision },
    };
    const one = new Drive([planNode('a1'), planNode('a2', { assigned: running }), planNode('a3')], generous, {
      database: { reversible: true, timeoutMs: minute },
    });
    expect(told(one)).to.deep.equal(['a2']);
    expect(one.node('a1').open || one.node('a3').open).to.equal(false);
    one.healthy('a2');
    expect(told(one)).to.deep.equal([]);
    expect(one.node('a1').open && one.node('a3').open).to.equal(true);
  });

  it('is not told again to the node that still runs it for a superseded rollout of the same release', () => {
    const other = { ...v2, configRevision: 'c2c2c2c2' };
    const running = {
      ...{ generation: 7, intent: 'activate' as const, state: 'open' as const, database: true },
      ...{ digest: v2.release.digest, configRevision: v2.configRevision },
    };
    const superseding = (): Drive =>
      new Drive([planNode('a1'), planNode('a2', { assigned: running })], generous, {
        ...{ database: { reversible: false, timeoutMs: 30 * minute }, to: other },
        pastReturn: v2.release.version,
      });
    const past = superseding();
    expect(told(past)).to.deep.equal([]);
    expect(past.wake, 'it has the time that the step may take').to.equal(40 * minute);
    past.report('a2', 'staged', { generation: 7 });
    expect(told(past)).to.deep.equal([]);
    expect(explainNode(past.state, past.node('a1').name, past.now)?.answer).to.contain(
      'it waits for a2, which runs the database step before all others',
    );
    past.report('a2', 'draining', { generation: 7 });
    expect(past.assigned()).to.have.members(['a1=to', 'a2=to']);
    const failing = superseding();
    failing.report('a2', 'failed', {
      ...{ generation: 7, failure: { step: 'database', reason: 'it ended with 1', logTail: '' } },
    });
    expect(told(failing), 'once it has ended, it is told again').to.have.length(1);
  });

  it('goes on where it runs with other values, and what was brought so far is taken back with the rest', () => {
    const running = {
      ...{ generation: 7, intent: 'activate' as const, state: 'open' as const, database: true },
      ...{ digest: v2.release.digest, configRevision: v2.configRevision },
    };
    const retuned = (): Drive =>
      new Drive([planNode('a1', { assigned: running })], generous, {
        ...{ database: { reversible: true, timeoutMs: minute }, to: { ...v2, configRevision: 'c2c2c2c2' } },
      });
    const done = retuned();
    expect(done.assigned(), 'it is not told to come back first').to.deep.equal([]);
    done.report('a1', 'draining', { generation: 7 });
    expect(told(done)).to.deep.equal([]);
    expect(done.node('a1').open).to.equal(true);
    const stuck = retuned();
    stuck.tick(11 * minute);
    expect(stuck.status).to.equal('rollingBack');
    expect(stuck.assigned()).to.deep.equal(['a1=from']);
    stuck.report('a1', 'draining');
    expect(stuck.state.header.database?.done, 'it drains on its way back').to.equal(false);
  });

  it('is not told again by a retry to a node that may still run it', () => {
    const one = drive(true, {}, { onFailure: 'pause' });
    expect(told(one)).to.deep.equal(['a1']);
    one.tick(40 * minute); // it has said nothing for so long that it has failed, and is connected
    expect(one.status).to.equal('paused');
    one.operator('retry', 'a1');
    expect(told(one)).to.deep.equal([]);
    failAt(one, 'a1', 'database');
    expect(told(one)).to.deep.equal(['a1']);
  });

  it('is done once the node says so that ran it for a rollout since superseded, and nobody else is told to', () => {
    const running = {
      ...{ generation: 7, intent: 'activate' as const, state: 'open' as const, database: true },
      ...{ digest: v2.release.digest, configRevision: v2.configRevision },
    };
    const one = new Drive(
      [planNode('a1'), planNode('a2', { assigned: running, liveness: 'silent' })],
      generous,
      {
        database: { reversible: false, timeoutMs: minute },
      },
    );
    expect(told(one), 'it may still run there').to.deep.equal([]);
    one.report('a2', 'checking', { generation: 7, pastReturn: true });
    one.liveness('a2', 'connected');
    expect(told(one)).to.deep.equal([]);
    expect(one.state.header.pastReturn).to.equal(v2.release.version);
    expect(one.node('a1').open).to.equal(true);
  });

  it('fails the rollout where it fails, whatever the budget; a retry runs it again', () => {
    const one = drive(true, {}, { onFailure: 'pause' });
    expect(told(one)).to.deep.equal(['a1']);
    failAt(one, 'a1', 'database');
    expect(one.status).to.equal('paused');
    expect(one.reason).to.match(/node a1 failed at database: it ended with 1; it is the one that runs/);
    const whole = explainRollout(one.state, one.now);
    expect(whole.answer).to.contain('it ended with 1');
    expect(whole.details.join('\n'), 'the reason is said once').to.not.contain('it ended with 1');
    const node = explainNode(one.state, one.node('a1').name, one.now);
    expect(node?.answer).to.contain('it ended with 1');
    expect(node?.details).to.deep.equal([whole.answer.replace(': it ended with 1', '')]);
    one.operator('retry', 'a1');
    expect(told(one)).to.deep.equal(['a1']);
  });

  it('is not run again once it is done, though its node failed later (spinnaker#5085)', () => {
    const one = drive(true, {}, { onFailure: 'pause' });
    told(one);
    failAt(one, 'a1', 'check');
    expect(one.status).to.equal('paused');
    one.operator('retry', 'a1');
    expect(told(one)).to.deep.equal([]);
    expect(one.node('a1').open, 'it is tried again').to.equal(true);
    expect(one.node('a2').open, 'the others still wait for it').to.equal(false);
    one.healthy('a1');
    expect(told(one)).to.deep.equal([]);
    expect(one.node('a2').open).to.equal(true);
  });

  it('is another node’s turn once a person has excused the first', () => {
    const one = drive(true, {}, { onFailure: 'pause' });
    told(one);
    failAt(one, 'a1', 'database');
    one.operator('excuse', 'a1');
    expect(told(one)).to.deep.equal(['a2']);
    expect(one.node('a3').open).to.equal(false);
  });

  it('is no second node’s while the first may be running it, though it is lost', () => {
    const one = drive(false);
    told(one);
    one.liveness('a1', 'lost');
    expect(one.assigned()).to.deep.equal([]);
    one.operator('excuse', 'a1');
    expect(one.assigned()).to.deep.equal([]);
    one.tick(45 * minute);
    expect(one.status).to.equal('failed');
    expect(one.reason)
      .to.contain('no node settled for 40m (the database step of a1 comes first)')
      .and.to.contain('the database step of web 2.0.0 may have begun on a1 and cannot be reversed');
  });

  it('has its own time beside the progress deadline', () => {
    const one = drive(true);
    expect(one.wake).to.equal(40 * minute);
    one.tick(39 * minute);
    expect(one.status).to.equal('running');
    one.report('a1', 'checking');
    expect(one.state.header.progressDue).to.equal(49 * minute);
  });

  it('can be taken back if it is reversible', () => {
    const one = drive(true);
    told(one);
    failAt(one, 'a1', 'check');
    expect(one.status).to.equal('rollingBack');
  });

  it('can be taken back if it never began', () => {
    const one = drive(false);
    told(one);
    failAt(one, 'a1', 'preflight');
    expect(one.status).to.equal('rollingBack');
  });

  it('turns a rollback into a halt once it has begun and cannot be reversed', () => {
    const one = drive(false);
    told(one);
    one.report('a1', 'staging', { pastReturn: true });
    expect(one.node('a1').pastReturn).to.equal(true);
    failAt(one, 'a1', 'database', true);
    expect(one.status).to.equal('failed');
    expect(one.reason).to.match(
      /the database step of web 2\.0\.0 has begun and cannot be reversed, so every node holds what it has$/,
    );
    expect(one.assigned()).to.deep.equal([]);
  });

  it('keeps later rollouts from going back past it, and from sending back what is under way', () => {
    const third = target(3);
    const assigned = {
      generation: 0,
      intent: 'activate' as const,
      digest: v2.release.digest,
      configRevision: v2.configRevision,
      state: 'open' as const,
    };
    const one = new Drive(
      [planNode('a1'), planNode('a2', { assigned })],
      { maxUnavailable: { kind: 'count', count: 2 } },
      { to: third, pastReturn: v2.release.version },
    );
    expect(one.assigned()).to.have.members(['a1=to', 'a2=to']);
    one.fail('a1');
    expect(one.status).to.equal('failed');
    expect(one.reason).to.contain('the database step of web 2.0.0 has begun and cannot be reversed');
  });

  it('keeps a release from being proven where nobody was left to run it', () => {
    const one = drive(true, { cause: 'rollback' }, { onFailure: 'pause' });
    told(one);
    failAt(one, 'a1', 'database');
    one.operator('excuse', 'a1', 'a2', 'a3');
    expect(one.status).to.equal('failed');
    expect(one.reason).to.contain('no node has run the database step of web 2.0.0');
  });
});
