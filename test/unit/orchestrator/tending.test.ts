import { expect } from 'chai';
import { Batch } from '../../../coordinator/orchestrator/batch.js';
import { labelNode, takeLiveness } from '../../../coordinator/orchestrator/nodes.js';
import { takeReport } from '../../../coordinator/orchestrator/reports.js';
import { tendAll } from '../../../coordinator/orchestrator/tending/tend.js';
import { buildWorld, envKey, type NodeEntry, type World } from '../../../coordinator/orchestrator/world.js';
import type { NodeRecord } from '../../../coordinator/ports/state-store.js';
import type { NodeName } from '../../../shared/model/ids.js';
import type { AppStatus } from '../../../shared/model/node-status.js';
import { app, env, nodeName, plainStrategy, releaseId, target } from '../../sim/fixtures.js';
import { emptySnapshot } from '../../support/empty-snapshot.js';

const v1 = target(1);

/** Knows how many nodes were looked at. */
class Counted extends Map<NodeName, NodeEntry> {
  looks = 0;

  override get(name: NodeName): NodeEntry | undefined {
    this.looks += 1;
    return super.get(name);
  }

  override values(): ReturnType<Map<NodeName, NodeEntry>['values']> {
    this.looks += this.size;
    return super.values();
  }

  override [Symbol.iterator](): ReturnType<Map<NodeName, NodeEntry>['entries']> {
    this.looks += this.size;
    return super[Symbol.iterator]();
  }
}

const status: AppStatus = {
  ...{ app, generation: 0, phase: 'healthy', health: 'healthy', ready: true, previous: undefined },
  ...{
    current: releaseId(v1),
    staged: [],
    failure: undefined,
    note: '',
    fetched: undefined,
    fetchedFrom: [],
  },
};
const told = (change: Partial<AppStatus>) => ({
  ...{ apps: [{ ...status, ...change }], facts: undefined, agentVersion: '', allowUnsigned: false },
});

function fleet(size: number): { readonly world: World; readonly nodes: Counted } {
  const selector = { requirements: [{ kind: 'in' as const, key: 'role', values: ['web'] }], text: '' };
  const names = Array.from({ length: size }, (_, at) => nodeName(`n${at}`));
  const built = buildWorld(
    {
      ...emptySnapshot,
      applications: [{ name: app, text: '' }],
      environments: [
        {
          ...{ app, name: env, ordinal: 0, proven: [v1], wanted: v1.release.version, settled: true },
          spec: { name: env, selector, config: {}, strategy: plainStrategy, join: 'stable' },
        },
      ],
      releases: [{ ...v1.release, app, publishedAt: 0, publishedBy: '' }],
      nodes: names.map(
        (name): NodeRecord => ({
          ...{ name, labels: { role: 'web' }, operatorLabels: {}, instance: '', address: '' },
          ...{ status: told({}), decommissioned: false, firstSeenAt: 0, lastSeenAt: 0 },
        }),
      ),
    },
    {
      ...{ silentAfterMs: 1, lostAfterMs: 1, startGraceMs: 0 },
      ...{ massWindowMs: 1, massShare: 1, massMinimum: 1 },
    },
    0,
  );
  const nodes = new Counted(built.nodes);
  return { world: { ...built, nodes }, nodes };
}

describe('an event of a node outside rollouts', () => {
  it('costs a look at that node, however many there are beside it', () => {
    const { world, nodes } = fleet(500);
    const looksOf = (change: (batch: Batch) => void): number => {
      nodes.looks = 0;
      const batch = new Batch(world, 1, 1);
      change(batch);
      tendAll(batch);
      return nodes.looks;
    };
    const name = nodeName('n7');
    looksOf((batch) => batch.unsettled.set(envKey(app, env), 'all'));
    const few = 10;
    let sequence = 0;
    for (const change of [
      { health: 'unhealthy', ready: false },
      { note: 'x' },
      { current: undefined },
    ] as const) {
      sequence += 1;
      const report = { node: name, session: 's', sequence, status: told(change) };
      const looks = looksOf((batch) => {
        takeReport(batch, report);
      });
      expect(looks, JSON.stringify(change)).to.be.within(1, few);
    }
    for (const liveness of ['lost', 'connected'] as const) {
      const looks = looksOf((batch) => {
        takeLiveness(batch, name, liveness);
      });
      expect(looks, liveness).to.be.within(1, few);
    }
    for (const role of ['db', 'web']) {
      const looks = looksOf((batch) => {
        labelNode(batch, name, { set: { role }, remove: [], by: 'ann' });
      });
      expect(looks, role).to.be.within(1, few);
    }
    const all = looksOf((batch) => batch.unsettled.set(envKey(app, env), 'all'));
    expect(all, 'a look at all of them').to.be.at.least(500);
  });
});
