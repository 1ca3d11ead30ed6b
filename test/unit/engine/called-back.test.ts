import { expect } from 'chai';
import type { GivenAssignment } from '../../../coordinator/core/rollout/types/plan.js';
import { Drive, planNode, v1 } from './harness.js';

const minute = 60_000;

/** Told to come back to what is proven, while it may have been running the database step of a superseded rollout. */
const calledBack: GivenAssignment = {
  ...{ generation: 8, intent: 'activate', state: 'open', recalled: 7 },
  ...{ digest: v1.release.digest, configRevision: v1.configRevision },
};

const drive = (liveness: 'connected' | 'silent', assigned = calledBack): Drive =>
  new Drive(
    [planNode('a1'), planNode('a2', { assigned, liveness }), planNode('a3')],
    { maxUnavailable: { kind: 'count', count: 3 } },
    { database: { reversible: true, timeoutMs: 30 * minute } },
  );

/** Who was told to run the database step since the last call. */
const told = (of: Drive): string[] => {
  const runs = of.log.flatMap((effect) => (effect.kind === 'assign' && effect.database ? [effect.node] : []));
  of.log = [];
  return runs;
};

describe('rollout engine: a node that was called back from a database step', () => {
  it('may still be running it, so that nobody begins one before it is back', () => {
    const one = drive('connected');
    expect(one.assigned()).to.deep.equal([]);
    one.report('a2', 'draining', { generation: 8 });
    expect(one.assigned(), 'a drain on its way back is no end of the step').to.deep.equal([]);
    expect(one.state.header.database?.done).to.equal(false);
    one.report('a2', 'healthy', { generation: 8, current: { ...v1.release } });
    expect(told(one)).to.have.length(1);
  });

  it('and told to stage something has ended it once it does that', () => {
    const one = drive('connected', { ...calledBack, intent: 'stage' });
    expect(told(one)).to.deep.equal([]);
    one.report('a2', 'staging', { generation: 7 });
    expect(told(one)).to.deep.equal([]);
    one.report('a2', 'staging', { generation: 8 });
    expect(told(one)).to.have.length(1);
  });

  it('is waited for while it is not heard of', () => {
    const one = drive('silent');
    expect(told(one)).to.deep.equal([]);
    one.report('a2', 'staged', { generation: 7 });
    one.liveness('a2', 'connected');
    expect(told(one), 'it speaks of what it was doing before it was called back').to.deep.equal([]);
    one.report('a2', 'failed', { generation: 8 });
    expect(told(one)).to.have.length(1);
  });
});
