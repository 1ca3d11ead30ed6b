import { expect } from 'chai';
import { reconcile } from '../../../agent/core/reconcile.js';
import { type AppRecord, emptyRecord, type Observed } from '../../../agent/core/record.js';
import { statusOf } from '../../../agent/core/status.js';
import type { Step } from '../../../agent/core/steps.js';
import { begin, complete, maxAttempts, mustSync, resume } from '../../../agent/core/transitions.js';
import type { HealthVerdict } from '../../../shared/model/node-status.js';
import type { HookName, ReleaseSpec } from '../../../shared/model/release-spec.js';
import { app, ModelNode, staged, wanted } from '../../property/agent/model.js';

const good = { service: true, good: true, stages: true };
const failure = { step: 'check', reason: 'no', logTail: 'tail' } as const;

const isHook = (step: Step | undefined, name: HookName): boolean =>
  step?.action === 'hook' && step.hook === name;

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
    const told = { health: 'unknown', note: '', fetched: undefined } as const;
    const what = '; it stays out of load until another deployment ends well';
    expect(statusOf(end, made.observe(), told).note).to.equal(`a is in place, a service runs${what}`);
    const dead = { ...observed, current: undefined, serving: undefined };
    expect(statusOf(end, dead, told).note).to.equal(`no release is in place, no service runs${what}`);
  });

  it('stays failed when what it was about is healthy later, and says that it is', () => {
    const made = node();
    const restart = { drain: false, restart: true, minHealthyTimeMs: 0, healthDeadlineMs: 0 };
    made.want = wanted('a', 2, { activation: restart });
    upTo(made, 'check');
    failIn(made, stepOf(made));
    while (made.turn(undefined));
    const told = (health: HealthVerdict): readonly string[] => {
      const { phase, note } = statusOf(made.journal, made.observe(), {
        health,
        note: '',
        fetched: undefined,
      });
      return [phase, note];
    };
    expect(told('unhealthy')).to.deep.equal(['failed', '']);
    expect(told('healthy')).to.deep.equal(['failed', 'by now what serves is healthy']);
  });

  it('stays inconsistent, with the reasons of before, until an activation ends well', () => {
    const made = node();
    made.journal = { ...made.journal, inconsistent: 'check: no; turning back failed in check: no' };
    const told = { health: 'healthy', note: '', fetched: undefined } as const;
    made.want = wanted('b', 2, { intent: 'stage' });
    while (made.turn(undefined));
    expect(made.journal.settled?.phase).to.equal('staged');
    expect(statusOf(made.journal, made.observe(), told).ready).to.equal(false);
    made.want = wanted('a', 3);
    upTo(made, 'check');
    failIn(made, stepOf(made));
    while (made.turn(undefined));
    expect(made.journal.settled?.phase).to.equal('inconsistent');
    expect(made.journal.settled?.failure?.reason).to.equal(
      'no; before that, check: no; turning back failed in check: no',
    );
    made.want = wanted('a', 4);
    while (made.turn(undefined));
    expect(made.journal.settled?.phase).to.equal('healthy');
    expect(made.journal.inconsistent).to.equal(undefined);
    expect(statusOf(made.journal, made.observe(), told).ready).to.equal(true);
  });

  const hook = { run: ['x'], timeoutMs: 1, idempotent: true };
  /** `a` serves, `b` is on disk, and both specs are as given. */
  const both = (more: Partial<ReleaseSpec>): ModelNode => {
    const made = node();
    made.want = wanted('b', 2, { intent: 'stage' });
    while (made.turn(undefined));
    made.releases = made.releases.map((release) => ({ ...release, spec: { ...release.spec, ...more } }));
    return made;
  };
  const failIn = (made: ModelNode, step: Step | undefined): void => {
    if (step === undefined) throw new Error('no step');
    const begun = begin(made.journal, step);
    made.journal = complete(begun, step, { kind: 'failed', failure }, made.observe());
  };
  const stepOf = (made: ModelNode): Step | undefined => made.journal.work?.plan[made.journal.work.at];

  it('goes back into load by the hook of what serves when it fails before anything was stopped', () => {
    const made = both({ hooks: { beforeDrain: hook, beforeStop: hook, afterRejoin: hook } });
    made.want = wanted('b', 3);
    upTo(made, 'drain');
    made.turn(undefined);
    expect(stepOf(made)).to.include({ hook: 'beforeStop' });
    failIn(made, stepOf(made));
    expect(made.journal.work?.drained, 'out of load until it has rejoined').to.equal(true);
    made.done.length = 0;
    while (made.turn(undefined));
    expect(made.done).to.deep.equal([
      { action: 'rejoin', app },
      { action: 'hook', dir: 'a', hook: 'afterRejoin', previous: undefined },
    ]);
    expect(made.journal.settled).to.deep.include({ phase: 'failed', failure });
    expect([made.current, made.serving]).to.deep.equal(['a', 'a']);
  });

  it('goes back into load when it is only to stage something else after all', () => {
    const made = both({ hooks: { beforeDrain: hook, afterRejoin: hook } });
    made.want = wanted('b', 3);
    upTo(made, 'drain');
    made.want = wanted('c', 4, { intent: 'stage' });
    made.done.length = 0;
    while (made.turn(undefined));
    expect(made.done.map((step) => (step.action === 'hook' ? step.hook : step.action))).to.deep.equal([
      'rejoin',
      'afterRejoin',
      'stage',
    ]);
  });

  it('turns back all the way before it stages something newer', () => {
    const made = both({});
    made.want = wanted('b', 3);
    upTo(made, 'check');
    made.want = wanted('c', 4, { intent: 'stage' });
    failIn(made, stepOf(made));
    while (made.turn(undefined));
    expect([made.current, made.serving]).to.deep.equal(['a', 'a']);
    expect(made.journal.settled).to.include({ generation: 4, phase: 'staged' });
  });

  const migrating = (reversible: boolean): ModelNode => {
    const made = both({ database: { run: ['x'], timeoutMs: 1, reversible } });
    made.want = wanted('b', 3, { database: true });
    upTo(made, 'database');
    return made;
  };
  const live = { health: 'healthy', note: '', fetched: undefined } as const;

  it('says that there is no way back from when an irreversible database step begins, also once it has failed', () => {
    const made = migrating(false);
    expect(statusOf(made.journal, made.observe(), live).pastReturn).to.equal(undefined);
    made.turn(1);
    expect(statusOf(made.journal, made.observe(), live).pastReturn).to.equal(true);
    failIn(made, stepOf(made));
    const status = statusOf(made.journal, made.observe(), live);
    expect(status).to.include({ phase: 'failed', pastReturn: true });
    expect(status.failure?.reason).to.include('the database step of b has begun and cannot be reversed');
    expect([made.current, made.serving], 'what serves was not touched').to.deep.equal(['a', 'a']);
    made.want = wanted('c', 4);
    while (made.turn(undefined));
    expect(statusOf(made.journal, made.observe(), live), 'of this generation only').not.to.have.property(
      'pastReturn',
    );
  });

  it('turns back past an irreversible database step, for its neighbours run the old release too, and says so', () => {
    const made = migrating(false);
    upTo(made, 'check');
    failIn(made, stepOf(made));
    while (made.turn(undefined));
    const status = statusOf(made.journal, made.observe(), live);
    expect(status).to.include({ phase: 'turnedBack', pastReturn: true });
    expect(status.failure?.reason).to.match(/^no; the database step of b has begun and cannot be reversed/);
    const other = migrating(true);
    upTo(other, 'check');
    failIn(other, stepOf(other));
    expect(other.journal.work?.failure?.reason).to.equal('no');
  });

  it('lets a database step that has begun come to its end, whatever is newer', () => {
    const made = migrating(true);
    expect(made.supersedes(wanted('c', 4))).to.equal(true);
    const step = stepOf(made);
    if (step === undefined) throw new Error('no step');
    made.journal = begin(made.journal, step);
    expect(made.supersedes(wanted('c', 4))).to.equal(false);
    made.journal = complete(made.journal, step, { kind: 'done' }, made.observe());
    expect(made.supersedes(wanted('c', 4))).to.equal(true);
  });

  it('lets it come to its end also when the agent has ended in the middle of it', () => {
    for (const cut of ['cancelled', 'killed']) {
      const made = migrating(true);
      const step = stepOf(made);
      if (step === undefined) throw new Error('no step');
      const begun = begin(made.journal, step);
      made.journal =
        cut === 'killed'
          ? resume(begun, made.observe())
          : complete(begun, step, { kind: 'cancelled' }, made.observe());
      expect(made.supersedes(wanted('c', 4)), cut).to.equal(false);
      made.want = wanted('c', 4);
      while (made.turn(undefined));
      expect(
        made.done.filter(({ action }) => action === 'database'),
        cut,
      ).to.have.length(1);
      expect(made.current).to.equal('c');
    }
  });

  it('puts on disk that a hook which must not run twice has begun, wherever it stands (codedeploy#356)', () => {
    for (const name of ['preflight', 'afterStop', 'beforeStart'] as const) {
      for (const idempotent of [true, false]) {
        const made = both({ hooks: { [name]: { ...hook, idempotent } } });
        made.want = wanted('b', 3);
        while (made.turn(undefined) && !isHook(stepOf(made), name));
        const step = stepOf(made);
        if (step === undefined) throw new Error('no step');
        expect(mustSync(made.journal, step, made.observe()), name).to.equal(!idempotent);
      }
    }
  });

  it('names the damage of what it turns back to, while it relies on it and when it has', () => {
    const made = both({});
    made.want = wanted('b', 3);
    upTo(made, 'preflight');
    const before = made.journal;
    const verify = before.work?.plan[before.work.at - 1];
    if (verify === undefined || before.work === undefined) throw new Error('nothing is verified');
    expect(verify).to.deep.equal({ action: 'verify', dir: 'a', mend: false });
    const again = begin({ ...before, work: { ...before.work, at: before.work.at - 1 } }, verify);
    made.journal = complete(again, verify, { kind: 'done', doubt: 'a is torn' }, made.observe());
    expect(statusOf(made.journal, made.observe(), live).note).to.equal('a is torn');
    upTo(made, 'check');
    failIn(made, stepOf(made));
    while (made.turn(undefined));
    expect(made.journal.settled?.failure?.reason).to.equal(
      'no; it turns back to a damaged release: a is torn',
    );
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
