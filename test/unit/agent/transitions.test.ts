import { expect } from 'chai';
import { reconcile } from '../../../agent/core/reconcile.js';
import { type AppRecord, emptyRecord, type Observed } from '../../../agent/core/record.js';
import { statusOf } from '../../../agent/core/status.js';
import { begin, complete, maxAttempts, resume } from '../../../agent/core/transitions.js';
import { app, ModelNode, staged, wanted } from '../../property/agent/model.js';

const good = { service: true, good: true, stages: true };
const failure = { step: 'check', reason: 'no', logTail: 'tail' } as const;

describe('transitions', () => {
  const node = (): ModelNode => {
    const made = new ModelNode([
      { ...good, dir: 'a' },
      { ...good, dir: 'b' },
      { ...good, dir: 'c' },
    ]);
    made.want = wanted('a', 1);
    while (made.turn(undefined));
    return made;
  };
  const upTo = (made: ModelNode, action: string): void => {
    while (made.journal.work?.plan[made.journal.work.at]?.action !== action) made.turn(undefined);
  };

  it('refuses lower generations for good', () => {
    const made = node();
    made.want = wanted('b', 5);
    while (made.turn(undefined));
    made.want = wanted('a', 4);
    expect(made.turn(undefined)).to.equal(false);
    expect(made.current).to.equal('b');
  });

  it('says no phase of an earlier step again while it goes forward', () => {
    const made = node();
    made.want = wanted('b', 2);
    const phases: string[] = [];
    do {
      const live = { health: 'healthy', note: '', fetched: undefined } as const;
      phases.push(statusOf(made.journal, made.observe(), live).phase);
    } while (made.turn(undefined));
    expect(phases.slice(phases.indexOf('checking')))
      .to.include('checking')
      .and.not.include('staging');
  });

  it('says nothing of where one release came from while another is fetched', () => {
    const made = node();
    made.journal = { ...made.journal, fetchedFrom: [{ source: 'https://a', bytes: 5 }] };
    made.want = wanted('a', 2);
    while (made.turn(undefined));
    expect(made.journal.fetchedFrom).to.have.length(1);
    made.want = wanted('b', 3);
    while (made.turn(undefined));
    expect(made.journal.fetchedFrom).to.deep.equal([]);
  });

  it('drops work short of its point of no return for something newer', () => {
    const made = node();
    made.want = wanted('b', 2);
    upTo(made, 'drain');
    made.want = wanted('c', 3);
    while (made.turn(undefined));
    expect(made.current).to.equal('c');
    expect(made.done.some((step) => step.action === 'swap' && step.to === 'b')).to.equal(false);
  });

  it('finishes what is past it first, but does not wait for a check to fail', () => {
    const made = node();
    made.want = wanted('b', 2);
    upTo(made, 'swap');
    made.journal = begin(
      made.journal,
      made.journal.work?.plan[made.journal.work.at] ?? { action: 'rejoin', app },
    );
    expect(made.supersedes(wanted('c', 3))).to.equal(false);
    upTo(made, 'check');
    expect(made.supersedes(wanted('c', 3))).to.equal(true);
    expect(made.supersedes(wanted('c', 3, { intent: 'stage' }))).to.equal(false);
    made.want = wanted('c', 3);
    made.turn(undefined);
    expect(made.journal.work?.from, 'the way back leads to what was proven').to.equal('a');
  });

  it('ends inconsistent, with both reasons, when the way back fails as well', () => {
    const made = node();
    made.want = wanted('b', 2);
    upTo(made, 'check');
    const observed = made.observe();
    const check = made.journal.work?.plan[made.journal.work.at];
    if (check === undefined) throw new Error('no check');
    made.journal = complete(begin(made.journal, check), check, { kind: 'failed', failure }, observed);
    expect(made.journal.work?.direction).to.equal('back');
    upTo(made, 'check');
    const back = made.journal.work;
    const again = back?.plan[back.at];
    if (again === undefined) throw new Error('no check');
    const end = complete(begin(made.journal, again), again, { kind: 'failed', failure }, observed);
    expect(end.settled).to.deep.include({ phase: 'inconsistent', generation: 2 });
    expect(end.settled?.failure?.reason).to.equal('check: no; turning back failed in check: no');
  });

  it('gives a step up that is interrupted again and again', () => {
    const made = node();
    made.want = wanted('b', 2);
    upTo(made, 'check');
    for (let times = 0; times < maxAttempts; times++) made.turn(1);
    expect(made.journal.work?.direction).to.equal('back');
    expect(made.journal.work?.failure?.reason).to.include(`interrupted ${maxAttempts} times`);
  });

  it('does not repeat a hook that is not idempotent (codedeploy#356)', () => {
    const hooks = { preflight: { run: ['x'], timeoutMs: 1, idempotent: false } };
    const release = staged({ ...good, dir: 'a' }, 1, { hooks });
    const observed: Observed = {
      ...{ current: undefined, previous: undefined, releases: [release], serving: undefined },
      ...{ reviveAfter: 0, pruneFailed: false },
    };
    const hook = { action: 'hook', dir: 'a', hook: 'preflight', previous: undefined } as const;
    const { record } = reconcile({
      record: emptyRecord(app),
      wanted: wanted('a', 1),
      observed,
      now: 0,
      keep: 2,
    });
    if (record.work === undefined) throw new Error('no work');
    const running: AppRecord = {
      ...record,
      work: { ...record.work, plan: [hook], at: 0, begun: true, attempts: 1 },
    };
    expect(resume(running, observed).settled).to.deep.include({ phase: 'failed' });
  });
});
