import { expect } from 'chai';
import { emptyHashMap, setKey } from '../../../coordinator/core/collections/hash-map.js';
import { planRollout } from '../../../coordinator/core/rollout/planning/plan.js';
import { Batch } from '../../../coordinator/orchestrator/batch.js';
import { takeLiveness } from '../../../coordinator/orchestrator/nodes.js';
import { carryOut } from '../../../coordinator/orchestrator/rollouts/carry-out.js';
import { buildWorld, type World } from '../../../coordinator/orchestrator/world.js';
import type { AppName } from '../../../shared/model/ids.js';
import type { Liveness } from '../../../shared/model/liveness.js';
import { app, env, nodeName, plainStrategy, rolloutId, target } from '../../sim/fixtures.js';
import { emptySnapshot } from '../../support/empty-snapshot.js';
import { planNode } from '../engine/harness.js';

const name = nodeName('n1');
const bandwidth = 4_000_000;
const limits = {
  ...{ silentAfterMs: 1, lostAfterMs: 1, startGraceMs: 0 },
  ...{ massWindowMs: 1, massShare: 1, massMinimum: 1 },
};

/** One node, which fetches a release of another application with all of the fleet's bandwidth. */
function fetching(): World {
  const { version, digest } = target(1).release;
  const given = {
    ...({ node: name, app: 'api' as AppName, env, generation: 1, intent: 'stage', state: 'open' } as const),
    ...{ rollout: undefined, version, digest, drain: true, restart: false, configRevision: 'c' },
    ...{ liveConfigRevision: '', minHealthyTimeMs: 0, healthDeadlineMs: 0 },
    fetchBytesPerSecond: bandwidth,
  };
  const node = {
    ...{ name, labels: {}, operatorLabels: {}, instance: '', address: '', status: undefined },
    ...{ decommissioned: false, firstSeenAt: 0, lastSeenAt: 0 },
  };
  const { release, ...rest } = target(2);
  const releases = [{ ...release, app, publishedAt: 0, publishedBy: '' }];
  const configs = [{ revision: rest.configRevision, config: rest.config }];
  const snapshot = { ...emptySnapshot, nodes: [node], assignments: [given], releases, configs };
  return buildWorld(snapshot, limits, 0, { bandwidth });
}

function become(world: World, liveness: Liveness): void {
  world.liveness = {
    ...world.liveness,
    nodes: setKey(emptyHashMap(), name, { name, liveness, held: 0, since: 0, due: undefined }, {}),
  };
  takeLiveness(new Batch(world, 1, 1), name, liveness);
}

function bringTo(world: World): void {
  const decision = planRollout(
    {
      ...{ id: rolloutId('r1'), app, env, cause: 'deploy', strategy: plainStrategy, join: 'stable' },
      ...{ to: target(2), from: target(1), nodes: [planNode(name, { liveness: 'lost' }), planNode('n2')] },
      ...{ requestedBy: 'ann', requestedReason: '', startedAt: '' },
    },
    ...([0, 2, { left: 0, least: 1 }] as const),
  );
  const { header } = decision.state;
  const record = { header, endedAt: undefined, supersededBy: undefined, createdAt: 0 };
  carryOut(new Batch(world, 0, 0), { record, state: decision.state }, decision);
}

describe("the fleet's bandwidth", () => {
  it('is not given away beneath a node that comes back fetching', () => {
    const world = fetching();
    become(world, 'lost');
    expect(world.shares.sum).to.equal(0);
    bringTo(world);
    become(world, 'connected');
    expect(world.shares.sum).to.equal(bandwidth);
    expect(world.assignments.get(name)?.has(app) ?? false).to.equal(false);
  });
});
