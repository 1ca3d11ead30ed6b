import { expect } from 'chai';
import type { PlanJson } from '../../../coordinator/cli/views/plan-json.js';
import { planText } from '../../../coordinator/cli/views/plan-text.js';

const hour = 3_600_000;
const change = { wave: 'all', phase: 'healthy' };

/** Two nodes, one changed before the window closes for 18 hours and the other after it. */
const plan: PlanJson = {
  ...{ app: 'web', env: 'production', from: '1.0.0', to: '2.0.0', strategy: 'rolling' },
  ...{ status: 'succeeded', reason: '2 of 2 nodes run web 2.0.0', durationMs: 20 * hour },
  nodes: { total: 2, capacity: 2, maxUnavailable: 1, floor: 1 },
  waves: [{ name: 'all', status: 'passed', nodes: 2, beganMs: 0, completeMs: 20 * hour, endedMs: 20 * hour }],
  changes: [
    { ...change, node: 'a-1', beganMs: 0, endedMs: hour },
    { ...change, node: 'a-2', beganMs: 19 * hour, endedMs: 20 * hour },
  ],
  availability: [
    { atMs: 0, serving: 1 },
    { atMs: hour, serving: 2 },
    { atMs: 19 * hour, serving: 1 },
  ],
  ...{ approvals: [], skipped: [], remarks: [], deployable: true, obstacles: [] },
  waits: [{ atMs: hour, untilMs: 19 * hour, what: 'its maintenance window' }],
  assumed: { fetchMs: 0, changeMs: hour, learntFromNodes: 0 },
};

const textOf = (of: PlanJson): Promise<string> => planText(of, (_tone, text) => text, 80);

describe('a plan for people', () => {
  it('draws no change while it waits for a window, in which all serve', async () => {
    const text = await textOf(plan);
    expect(text).to.contain(`=${'.'.repeat(18)}=`);
    expect(text).to.contain(`▅${'█'.repeat(18)}▅`);
  });

  it('counts of blue and green those that are to take requests, and what is changed beside them', async () => {
    const text = await textOf({
      ...plan,
      strategy: 'parallel',
      nodes: { total: 4, capacity: 2, maxUnavailable: 1, floor: 2 },
    });
    expect(text).to.contain(
      '4 nodes; of the 2 that are to take requests at least 2 would serve at any time (the group that takes none is changed beside them)',
    );
  });
});
