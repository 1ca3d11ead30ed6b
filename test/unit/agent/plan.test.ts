import { expect } from 'chai';
import { activationPlan, removalPlan, turnBackPlan } from '../../../agent/core/plan.js';
import type { Step } from '../../../agent/core/steps.js';
import { app, staged, wanted } from '../../property/agent/model.js';

const service = (dir: string, more = {}) => staged({ dir, service: true, good: true, stages: true }, 1, more);
const files = (dir: string) => staged({ dir, service: false, good: true, stages: true }, 1);
const names = (steps: readonly Step[]): readonly string[] =>
  steps.map((step) => (step.action === 'hook' ? step.hook : step.action));
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
        ...input,
      }),
    );

  it('takes a service with a predecessor out of load, stops it, swaps, starts and checks', () => {
    expect(plan({})).to.deep.equal(['preflight', 'drain', 'stop', 'swap', 'start', 'check', 'rejoin']);
  });

  it('does not drain under the strategy live', () => {
    expect(plan({ assignment: wanted('new', 1, activation(false)).assignment })).not.to.include('drain');
  });

  it('only swaps a static release, so that there is no gap', () => {
    const { assignment } = wanted('new', 1, activation(false));
    expect(plan({ assignment, target: files('new'), live: files('old'), serving: false })).to.deep.equal([
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

  it('stops the old service when the new release has none', () => {
    expect(plan({ target: files('new') })).to.deep.equal([
      'preflight',
      'drain',
      'stop',
      'swap',
      'check',
      'rejoin',
    ]);
  });

  it('runs the hooks of the new release around the steps', () => {
    const hook = { run: ['x'], timeoutMs: 1, idempotent: true };
    const hooks = {
      preflight: hook,
      beforeDrain: hook,
      beforeStop: hook,
      afterStop: hook,
      beforeStart: hook,
      afterStart: hook,
      afterHealthy: hook,
    };
    const steps = plan({ target: service('new', { hooks }) });
    expect(steps.join(' ')).to.equal(
      'preflight preflight beforeDrain drain beforeStop stop afterStop swap beforeStart start afterStart check afterHealthy rejoin',
    );
  });

  it('turns back without the failed release being able to block the way (codedeploy#348)', () => {
    const { assignment } = wanted('new', 1);
    expect(names(turnBackPlan(assignment, service('old'), undefined))).to.deep.equal([
      'stop',
      'swap',
      'start',
      'check',
      'rejoin',
    ]);
    expect(turnBackPlan(assignment, undefined, undefined)).to.deep.include({
      action: 'swap',
      to: undefined,
      previous: undefined,
    });
  });

  it('removes by taking out of load, stopping and unlinking', () => {
    expect(names(removalPlan(app, service('old'), true))).to.deep.equal(['drain', 'stop', 'swap']);
  });
});
