import { expect } from 'chai';
import { activationPlan, removalPlan, turnBackPlan } from '../../../agent/core/plan.js';
import type { Step } from '../../../agent/core/steps.js';
import { hookNames } from '../../../shared/model/release-spec.js';
import { app, staged, wanted } from '../../property/agent/model.js';

const service = (dir: string, more = {}) => staged({ dir, service: true, good: true, stages: true }, 1, more);
const files = (dir: string) => staged({ dir, service: false, good: true, stages: true }, 1);
const names = (steps: readonly Step[]): readonly string[] =>
  steps.map((step) => {
    if (step.action === 'hook') return step.hook;
    return step.action === 'verify' ? `verify:${step.dir}` : step.action;
  });
const activation = (drain: boolean, restart = false) => ({
  activation: { drain, restart, minHealthyTimeMs: 0, healthDeadlineMs: 1 },
});

describe('the step table', () => {
  const plan = (input: Partial<Parameters<typeof activationPlan>[0]>) =>
    names(
      activationPlan({
        assignment: wanted('new', 1, activation(true)).assignment,
        target: service('new'),
        live: service('old'),
        from: 'old',
        previousBefore: undefined,
        serving: true,
        fresh: true,
        standby: false,
        ...input,
      }),
    );
  const wayBack = 'verify:old';

  it('takes a service with a predecessor out of load, stops it, swaps, starts and checks', () => {
    const after = ['preflight', 'drain', 'stop', 'swap', 'start', 'check', 'rejoin'];
    expect(plan({})).to.deep.equal([wayBack, ...after]);
  });

  it('does not drain under the strategy live', () => {
    expect(plan({ assignment: wanted('new', 1, activation(false)).assignment })).not.to.include('drain');
  });

  it('only swaps a static release, so that there is no gap', () => {
    const { assignment } = wanted('new', 1, activation(false));
    expect(plan({ assignment, target: files('new'), live: files('old'), serving: false })).to.deep.equal([
      wayBack,
      'preflight',
      'swap',
      'check',
      'rejoin',
    ]);
  });

  it('has nothing to drain or stop on a first deployment', () => {
    expect(plan({ live: undefined, from: undefined, serving: false })).to.deep.equal([
      'preflight',
      'swap',
      'start',
      'check',
      'rejoin',
    ]);
  });

  it('restarts in place only when asked to, and else makes sure of what is there', () => {
    const same = { target: service('old'), live: service('old') };
    const { assignment } = wanted('old', 2, activation(true, true));
    expect(plan({ ...same, assignment })).to.deep.equal([
      'preflight',
      'drain',
      'stop',
      'start',
      'check',
      'rejoin',
    ]);
    expect(plan(same)).to.deep.equal(['preflight', 'start', 'check', 'rejoin']);
  });

  it('does not stop a unit that reloads, unless it is another one or is to restart', () => {
    const unit = (dir: string, unit: string) =>
      service(dir, { service: { kind: 'systemd', unit, reload: true } });
    const input = { target: unit('new', 'web.service'), live: unit('old', 'web.service') };
    const gapless = ['preflight', 'drain', 'swap', 'start', 'check', 'rejoin'];
    expect(plan(input)).to.deep.equal([wayBack, ...gapless]);
    expect(plan({ ...input, live: unit('old', 'other.service') })).to.include('stop');
    expect(plan({ ...input, live: service('old') })).to.include('stop');
    expect(plan({ ...input, assignment: wanted('new', 1, activation(true, true)).assignment })).to.include(
      'stop',
    );
  });

  it('stops the old service when the new release has none', () => {
    expect(plan({ target: files('new') })).to.deep.equal([
      wayBack,
      'preflight',
      'drain',
      'stop',
      'swap',
      'check',
      'rejoin',
    ]);
  });

  const hook = { run: ['x'], timeoutMs: 1, idempotent: true };
  const hooks = Object.fromEntries(hookNames.map((name) => [name, hook]));

  it('runs the hooks of the new release around the steps', () => {
    const steps = plan({ target: service('new', { hooks }) });
    expect(steps.join(' ')).to.equal(
      'verify:old preflight preflight beforeDrain drain beforeStop stop afterStop beforeSwap swap afterSwap ' +
        'beforeStart start afterStart check afterHealthy rejoin afterRejoin',
    );
  });

  it('relies on nothing that was staged before without hashing it again, but on what it has just staged', () => {
    const verified = (input: Parameters<typeof plan>[0]) =>
      plan(input).filter((name) => name.startsWith('verify'));
    expect(verified({ fresh: false })).to.deep.equal(['verify:new', wayBack]);
    expect(verified({ fresh: true })).to.deep.equal([wayBack]);
    expect(verified({ fresh: false, from: 'new' }), 'a way back that is the target').to.deep.equal([
      'verify:new',
    ]);
    const live = { target: service('old'), live: service('old'), fresh: false };
    expect(verified(live), 'what serves cannot be staged anew').to.deep.equal([]);
  });

  it('renders after preflight, where there is something to render', () => {
    const templates = [{ from: 'a.tpl', to: 'a' }];
    expect(plan({ target: service('new', { templates }) }).slice(0, 4)).to.deep.equal([
      wayBack,
      'preflight',
      'render',
      'drain',
    ]);
    const live = service('old', { templates });
    expect(plan({ target: live, live }), 'nothing starts anew').not.to.include('render');
    const { assignment } = wanted('old', 1, activation(true, true));
    expect(plan({ target: live, live, assignment })).to.include('render');
  });

  it('brings the database along before anything that serves is touched, where it is told to', () => {
    const target = service('new', { database: { run: ['x'], timeoutMs: 1, reversible: false } });
    expect(plan({ target })).not.to.include('database');
    const { assignment } = wanted('new', 1, { ...activation(true), database: true });
    expect(plan({ target, assignment }).slice(0, 4)).to.deep.equal([
      wayBack,
      'preflight',
      'database',
      'drain',
    ]);
    expect(plan({ assignment }), 'a release without one').not.to.include('database');
  });

  it('turns back without the failed release being able to block the way (codedeploy#348)', () => {
    const { assignment } = wanted('new', 1);
    expect(names(turnBackPlan(assignment, service('old'), undefined, false))).to.deep.equal([
      'stop',
      'swap',
      'start',
      'check',
      'rejoin',
    ]);
    const back = names(turnBackPlan(assignment, service('old', { hooks }), undefined, false));
    expect(back.join(' '), 'with the hooks of where it goes').to.equal(
      'stop beforeSwap swap afterSwap beforeStart start afterStart check rejoin afterRejoin',
    );
    expect(turnBackPlan(assignment, undefined, undefined, false)).to.deep.include({
      action: 'swap',
      to: undefined,
      previous: undefined,
    });
  });

  it('leaves alone what serves already and is only to take requests, or none', () => {
    const live = service('new', { hooks });
    const idle = { assignment: wanted('new', 1, { standby: true }).assignment, target: live, live };
    expect(plan(idle)).to.deep.equal(['beforeDrain', 'drain']);
    const back = { target: live, live, standby: true };
    expect(plan(back)).to.deep.equal(['rejoin', 'afterRejoin']);
    const files1 = { target: files('new'), live: files('new'), serving: false, standby: true };
    expect(plan(files1), 'what has no service as well').to.deep.equal(['rejoin']);
    const restarted = wanted('new', 1, activation(true, true)).assignment;
    expect(plan({ ...back, assignment: restarted }), 'but for a restart').to.include('stop');
  });

  it('takes a node of an idle group neither out of load nor into it', () => {
    const { assignment } = wanted('new', 1, { ...activation(true), standby: true });
    const target = service('new', { hooks });
    const inIdle = plan({ assignment, target, standby: true });
    expect(inIdle).to.include('check').and.to.not.include.members(['drain']);
    expect(inIdle).to.not.include('beforeDrain').and.to.not.include('afterRejoin');
    const leaving = plan({ assignment, target, standby: false });
    expect(leaving, 'one that took requests is taken out first').to.include.members(['beforeDrain', 'drain']);
    expect(leaving).to.not.include('afterRejoin');
    const back = names(turnBackPlan(assignment, service('old', { hooks }), undefined, true));
    expect(back).to.include('afterStart').and.to.not.include('afterRejoin');
  });

  it('removes by taking out of load, stopping and unlinking', () => {
    expect(names(removalPlan(app, service('old'), true))).to.deep.equal(['drain', 'stop', 'swap']);
  });
});
