import { expect } from 'chai';
import fc from 'fast-check';
import { noShares } from '../../../coordinator/core/fetch-shares.js';
import { estimate } from '../../../coordinator/core/plan/estimate.js';
import { openReplay, play } from '../../../coordinator/core/plan/replay.js';
import { outcomeOf } from '../../../coordinator/core/plan/score.js';
import type { PlannedRollout, ReplayRequest, Suppositions } from '../../../coordinator/core/plan/types.js';
import { victimsOf } from '../../../coordinator/core/plan/victims.js';
import type { PlanNode, PlanRequest } from '../../../coordinator/core/rollout/types/plan.js';
import type { Strategy } from '../../../shared/model/application.js';
import { type Maintenance, weekDays } from '../../../shared/model/maintenance.js';
import { app, env, nodeName, plainStrategy, rolloutId } from '../../sim/fixtures.js';
import { planNode, v1, v2, wave } from '../engine/harness.js';

const limits = { silentAfterMs: 10_000, lostAfterMs: 90_000 };
const health = { minHealthyTimeMs: 5_000, deadlineMs: 60_000 };
const usual: Suppositions = {
  ...{ fetchMs: 20_000, changeMs: 10_000, limits },
  failing: new Set(),
  vanishing: new Set(),
  refusing: new Map(),
};

interface Change {
  readonly strategy?: Partial<Strategy>;
  readonly suppose?: Partial<Suppositions>;
  readonly plan?: Partial<PlanRequest>;
  readonly bandwidth?: number;
  readonly windows?: ReplayRequest['windows'];
  /** Events a turn. */
  readonly turn?: number;
}

function planned(nodes: readonly PlanNode[], change: Change = {}): PlannedRollout {
  const plan: PlanRequest = {
    ...{ id: rolloutId('r-plan'), app, env, cause: 'deploy', join: 'stable', to: v2, from: v1, nodes },
    strategy: { ...plainStrategy, health, ...change.strategy },
    ...{ requestedBy: 'ann', requestedReason: '', startedAt: '' },
    ...change.plan,
  };
  const replay = openReplay({
    plan,
    suppose: { ...usual, ...change.suppose },
    shares: noShares(change.bandwidth ?? 0),
    now: 1_000_000,
    windows: change.windows,
  });
  while (!play(replay, change.turn ?? 1000));
  return outcomeOf(replay.score, replay.state, replay.now);
}

const fleet = (...names: readonly string[]): PlanNode[] => names.map((name) => planNode(name));
const staged = (name: string): PlanNode => planNode(name, { staged: [v2.release.digest] });

describe('plan', () => {
  it('adds up what nodes take: fetching, changing, and the minimum healthy time, one after the other', () => {
    const { status, durationMs, changes, waves } = planned(fleet('a1', 'a2'));
    expect(status).to.equal('succeeded');
    expect(durationMs).to.equal(2 * (20_000 + 10_000 + 5_000));
    expect(changes.map(({ node, beganMs, endedMs }) => [node, beganMs, endedMs])).to.deep.equal([
      ['a1', 0, 35_000],
      ['a2', 35_000, 70_000],
    ]);
    expect(waves).to.deep.equal([
      {
        name: 'all',
        status: 'passed',
        reason: '',
        nodes: 2,
        beganMs: 0,
        completeMs: 70_000,
        endedMs: 70_000,
      },
    ]);
  });

  it('fetches nothing that is on the disk', () => {
    expect(planned([staged('a1'), staged('a2')]).durationMs).to.equal(2 * 15_000);
  });

  it('says how many serve from when on, and the fewest', () => {
    const { availability, floor, capacity, maxUnavailable } = planned(
      [staged('a1'), staged('a2'), staged('a3')],
      {
        strategy: { maxUnavailable: { kind: 'count', count: 2 } },
      },
    );
    expect({ floor, capacity, maxUnavailable }).to.deep.equal({ floor: 1, capacity: 3, maxUnavailable: 2 });
    expect(availability).to.deep.equal([
      { atMs: 0, serving: 1 },
      { atMs: 15_000, serving: 2 },
      { atMs: 30_000, serving: 3 },
    ]);
  });

  it('bakes, and takes a gate to be opened at once, and says who has to', () => {
    const { status, durationMs, approvals, waves } = planned([staged('a1'), staged('a2')], {
      strategy: {
        waves: [
          wave('pilot', {
            members: { kind: 'canary', by: ['zone'], each: 1 },
            bakeMs: 60_000,
            gate: 'manual',
          }),
          wave('rest'),
        ],
      },
    });
    expect(status).to.equal('succeeded');
    expect(durationMs).to.equal(15_000 + 60_000 + 15_000);
    expect(approvals).to.deep.equal([{ atMs: 75_000, what: 'approval of wave "pilot"' }]);
    expect(waves[0]).to.include({ completeMs: 15_000, endedMs: 75_000 });
  });

  it('shows where it would stop if a zone failed, and that what was changed goes back', () => {
    const nodes = ['a1', 'a2', 'b1', 'b2'].map(staged);
    const { status, reason, waves, changes } = planned(nodes, {
      strategy: { waves: [wave('zones', { members: { kind: 'by', by: ['zone'] } })] },
      suppose: { failing: new Set([nodeName('b1'), nodeName('b2')]) },
    });
    expect(status).to.equal('rolledBack');
    expect(reason).to.match(/wave "zones\/b" failed: node b1 turned back at check/);
    expect(waves.map(({ name, status: end }) => `${name} ${end}`)).to.deep.equal([
      'zones/a passed',
      'zones/b failed',
    ]);
    expect(changes.map(({ node, phase }) => `${node} ${phase}`)).to.deep.equal([
      'a1 turnedBack',
      'a2 turnedBack',
      'b1 turnedBack',
    ]);
  });

  it('stops where the strategy wants a person to look, and says what it waits for', () => {
    const { status, reason } = planned(fleet('a1', 'a2'), {
      strategy: { onFailure: 'pause' },
      suppose: { failing: new Set([nodeName('a1')]) },
    });
    expect(status).to.equal('paused');
    expect(reason).to.contain('waits for retry or excuse');
  });

  it('loses nodes that vanish, by the limits of the coordinator and the budget', () => {
    const { status, reason, durationMs } = planned(fleet('a1', 'a2', 'a3'), {
      suppose: { vanishing: new Set([nodeName('a1')]) },
      strategy: { budget: { failed: { kind: 'count', count: 0 }, lost: { kind: 'count', count: 0 } } },
    });
    expect(status).to.equal('rolledBack');
    expect(reason).to.contain('1 node of 3 lost');
    expect(durationMs).to.equal(100_000);
  });

  it('finds that slow nodes miss the progress deadline', () => {
    const { status, reason } = planned(fleet('a1'), { suppose: { fetchMs: 700_000 } });
    expect(status).to.equal('rolledBack');
    expect(reason).to.match(/got no further than "staging" within 10m/);
  });

  it('hands out the bandwidth of the fleet as the coordinator does', () => {
    const big = { ...v2, release: { ...v2.release, packSize: 40_000_000 } };
    const strategy = { stageRequire: { kind: 'percent', percent: 100 } } as const;
    const bandwidth = 1024 * 1024; // one share
    const { durationMs } = planned(fleet('a1', 'a2'), { strategy, bandwidth, plan: { to: big } });
    const fetchMs = Math.ceil((40_000_000 * 1000) / bandwidth);
    expect(durationMs).to.equal(2 * fetchMs + 2 * 15_000);
  });

  it('skips and names who is not there, and finds nothing to do where nothing is', () => {
    const { status, skipped, reason } = planned([planNode('a1', { liveness: 'lost' }), staged('a2')]);
    expect(status).to.equal('succeeded');
    expect(skipped).to.deep.equal(['a1']);
    expect(reason).to.contain('1 skipped');
    const on = {
      current: { version: v2.release.version, digest: v2.release.digest },
      currentConfigRevision: v2.configRevision,
    };
    expect(planned([planNode('a1', on)])).to.include({ status: 'succeeded', durationMs: 0 });
    expect(planned([]).status).to.equal('succeeded');
  });

  it('switches blue and green: verifies the idle group, takes the switch to be asked for, drains the other', () => {
    const node = (name: string, slot: string, standby: boolean) => ({
      ...staged(name),
      labels: { zone: 'a', slot },
      standby,
    });
    const nodes = [node('b1', 'blue', false), node('b2', 'blue', false), node('g1', 'green', true)];
    const { status, reason, approvals, changes, durationMs } = planned(nodes, {
      strategy: {
        type: 'parallel',
        parallel: { label: 'slot', switch: 'manual', overlapMs: 7_000, releaseAfterMs: undefined },
      },
      plan: { slots: { label: 'slot', fresh: 'green', old: 'blue' } },
    });
    expect(status, reason).to.equal('succeeded');
    expect(changes.map((change) => change.node)).to.deep.equal(['g1']);
    expect(approvals).to.deep.equal([
      { atMs: 15_000, what: 'the switch of the requests to slot=green' },
      { atMs: 22_000, what: 'the release of slot=blue, or a switch back to it' },
    ]);
    expect(durationMs).to.equal(22_000);
  });

  it('waits for maintenance windows, and between nodes when one closes', () => {
    const maintenance: Maintenance = {
      timeZone: 'UTC',
      windows: [{ days: [...weekDays], fromMinutes: 60, forMs: 20_000 }],
    };
    const { status, durationMs, changes, waits } = planned([staged('a1'), staged('a2'), staged('a3')], {
      windows: { maintenance, wallTime: Date.UTC(2026, 0, 1, 0, 59, 50) },
    });
    const day = 86_400_000;
    expect(status).to.equal('succeeded');
    expect(changes.map(({ node, beganMs }) => [node, beganMs])).to.deep.equal([
      ['a1', 10_000],
      ['a2', 25_000],
      ['a3', day + 10_000],
    ]);
    expect(durationMs).to.equal(day + 25_000);
    expect(waits).to.deep.equal([
      { atMs: 0, untilMs: 10_000, what: 'its maintenance window, which opens at 2026-01-01T01:00:00Z' },
      {
        atMs: 30_000,
        untilMs: day + 10_000,
        what: 'its maintenance window, which opens at 2026-01-02T01:00:00Z',
      },
    ]);
  });

  it('takes over what a rollout under way has left on its way', () => {
    const assigned = {
      generation: 7,
      intent: 'activate' as const,
      state: 'open' as const,
      digest: v1.release.digest,
      configRevision: v1.configRevision,
    };
    const { status, durationMs } = planned([planNode('a1', { assigned }), staged('a2')]);
    expect(status).to.equal('succeeded');
    expect(durationMs).to.be.above(0);
  });

  it('comes out the same however it is cut into turns, keeps the floor, and always ends', () => {
    const names = fc.integer({ min: 1, max: 12 });
    const amount = fc.oneof(
      fc.record({ kind: fc.constant('count' as const), count: fc.integer({ min: 1, max: 4 }) }),
      fc.record({ kind: fc.constant('percent' as const), percent: fc.integer({ min: 1, max: 100 }) }),
    );
    const share = fc.integer({ min: 0, max: 12 });
    fc.assert(
      fc.property(
        names,
        amount,
        share,
        share,
        fc.boolean(),
        (count, maxUnavailable, failing, vanishing, pause) => {
          const nodes = Array.from({ length: count }, (_, at) => planNode(`${'abc'[at % 3] ?? 'a'}${at}`));
          const some = (upTo: number) => new Set(nodes.slice(0, upTo).map(({ name }) => name));
          const change: Change = {
            strategy: { maxUnavailable, onFailure: pause ? 'pause' : 'rollback' },
            suppose: { failing: some(failing), vanishing: some(vanishing) },
          };
          const once = planned(nodes, change);
          expect(planned(nodes, { ...change, turn: 1 })).to.deep.equal(once);
          expect(once.status).to.be.oneOf(['succeeded', 'rolledBack', 'failed', 'paused']);
          expect(once.floor).to.be.at.least(once.capacity - once.maxUnavailable - vanishing);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('what a plan supposes', () => {
  it('spreads a share of the nodes over their names, the same each time', () => {
    const nodes = Array.from({ length: 20 }, (_, at) => planNode(`n${String(at).padStart(2, '0')}`));
    const of = (percent: number) =>
      victimsOf({ kind: 'amount', amount: { kind: 'percent', percent } }, nodes.toReversed());
    expect(of(10)).to.deep.equal(['n05', 'n15']);
    expect(of(1)).to.have.length(1);
    expect(of(100)).to.have.length(20);
  });

  it('takes what earlier rollouts took, weighed by their nodes; else it guesses, and says so', () => {
    const timing = (nodes: number, ms: number) => ({ nodes, ms });
    const took = [
      { fetch: timing(0, 0), change: timing(3, 30_000) },
      undefined,
      { fetch: timing(1, 4_000), change: timing(1, 2_000) },
    ];
    expect(estimate(took)).to.deep.equal({ fetchMs: 4_000, changeMs: 8_000, nodes: 4 });
    expect(estimate([])).to.deep.equal({ fetchMs: 30_000, changeMs: 30_000, nodes: 0 });
    const short = { nodes: 1, ms: 0 };
    expect(estimate([{ fetch: short, change: short }])).to.deep.equal({
      fetchMs: 100,
      changeMs: 100,
      nodes: 1,
    });
  });
});
