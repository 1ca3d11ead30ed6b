import { expect } from 'chai';
import { defaultLivenessLimits } from '../../../coordinator/core/liveness.js';
import { Batch } from '../../../coordinator/orchestrator/batch.js';
import { Answers } from '../../../coordinator/orchestrator/commands/answers.js';
import { Loop } from '../../../coordinator/orchestrator/loop.js';
import { buildWorld } from '../../../coordinator/orchestrator/world.js';
import type { CallIdentity } from '../../../coordinator/ports/operations.js';
import type { AnswerRecord } from '../../../coordinator/ports/state-store.js';
import { emptySnapshot } from '../../support/empty-snapshot.js';

/** A database whose looks take as long as the test likes. */
function setup() {
  const kept = new Map<string, AnswerRecord>();
  const looks: (() => void)[] = [];
  let slow = false;
  const store = {
    async answerTo(key: string): Promise<AnswerRecord | undefined> {
      const found = kept.get(key);
      if (slow) await new Promise<void>((resolve) => looks.push(resolve));
      return found;
    },
  };
  const world = buildWorld(emptySnapshot, defaultLivenessLimits, 0);
  const loop = new Loop<Batch>({
    clock: { now: () => 0, monotonic: () => 0, sleep: () => Promise.resolve() },
    openBatch: () => new Batch(world, 0, 0),
    commit: (batch) => {
      for (const answer of batch.changes()?.answers ?? []) kept.set(answer.key, answer);
      return Promise.resolve();
    },
    recover: () => Promise.resolve(true),
  });
  return {
    answers: new Answers(store, loop),
    beSlow: () => {
      slow = true;
    },
    look: () => looks.splice(0).forEach((done) => done()),
  };
}

const call = (key: string, request = 'r1'): CallIdentity => ({ key, request, method: 'Deploy', by: 'me' });

describe('answers to idempotency keys (spinnaker#5085)', () => {
  it('does a thing once, however the looks into the database and the commits fall', async () => {
    const { answers, beSlow, look } = setup();
    beSlow();
    let done = 0;
    const run = () => (done += 1);
    const first = answers.once(call('k'), run);
    const second = answers.once(call('k'), run);
    look();
    expect(await first).to.equal(1);
    look();
    expect(await second).to.equal(1);
    const third = answers.once(call('k'), run);
    look();
    expect(await third).to.equal(1);
  });

  it('refuses another request under the same key, then and later', async () => {
    const { answers } = setup();
    const first = answers.once(call('k'), () => 'a');
    const other = await answers.once(call('k', 'r2'), () => 'b').catch((error: unknown) => error);
    expect(other).to.include({ code: 'conflict' });
    expect(await first).to.equal('a');
    const later = await answers.once(call('k', 'r2'), () => 'b').catch((error: unknown) => error);
    expect(later).to.include({ code: 'conflict' });
  });

  it('does a thing without a key each time, and one that failed again', async () => {
    const { answers } = setup();
    let done = 0;
    const run = () => (done += 1);
    expect([await answers.once(call(''), run), await answers.once(call(''), run)]).to.deep.equal([1, 2]);
    const failing = answers.once(call('k'), () => {
      throw new Error('defect');
    });
    expect(await failing.catch(() => 'failed')).to.equal('failed');
    expect(await answers.once(call('k'), run)).to.equal(3);
  });
});
