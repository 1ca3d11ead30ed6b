import { expect } from 'chai';
import { applyStrategy, fleetOf, pilotThenRest, publishTiny, succeed } from './scene.js';
import type { RolloutJson } from './shapes.js';

interface Plan {
  readonly status: string;
  readonly durationMs: number;
  readonly nodes: { readonly floor: number; readonly capacity: number };
  readonly waves: readonly { readonly name: string; readonly nodes: number }[];
  readonly changes: readonly { readonly node: string; readonly beganMs: number }[];
  readonly assumed: { readonly learntFromNodes: number };
}

describe('a plan', function () {
  this.timeout(180_000);

  it('comes true: the same nodes in the same order, in about the time it said', async () => {
    const fleet = await fleetOf(3);
    await applyStrategy(fleet, 'web', pilotThenRest('health: { minHealthyTime: 500ms, deadline: 30s }'));
    for (const version of ['1.0.0', '2.0.0']) await publishTiny(fleet, 'web', { version });
    const wait = ['--env', 'production', '--wait', '--timeout', '2m'];
    await succeed(fleet, 'deploy', 'web@1.0.0', ...wait);
    const plan = await fleet.json<Plan>(['plan', 'web@2.0.0', '--env', 'production']);
    expect(plan).to.deep.include({
      status: 'succeeded',
      nodes: { total: 3, capacity: 3, maxUnavailable: 1, floor: 2 },
    });
    expect(plan.assumed.learntFromNodes, 'nodes of the first deploy').to.equal(3);

    await succeed(fleet, 'deploy', 'web@2.0.0', ...wait);
    const [latest] = await fleet.json<readonly RolloutJson[]>(['rollout', 'list', '--app', 'web']);
    const rollout = await fleet.json<RolloutJson & { readonly startedAt: string; readonly endedAt: string }>([
      ...['rollout', 'show', latest?.id ?? ''],
    ]);
    expect(rollout.status).to.equal('succeeded');
    expect(rollout.waves.map(({ name, nodes }) => ({ name, nodes: nodes.length }))).to.deep.equal(
      plan.waves.map(({ name, nodes }) => ({ name, nodes })),
    );
    expect(rollout.waves.flatMap(({ nodes }) => nodes.map(({ name }) => name))).to.deep.equal(
      plan.changes.map(({ node }) => node),
    );
    const tookMs = Date.parse(rollout.endedAt) - Date.parse(rollout.startedAt);
    expect(plan.durationMs / tookMs, 'said to took').to.be.within(1 / 4, 4);
  });
});
