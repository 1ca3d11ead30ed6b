import { defaultLivenessLimits } from '../../coordinator/core/liveness.js';
import { Orchestrator } from '../../coordinator/orchestrator.js';
import type { NodeRecord, Snapshot, StateStore } from '../../coordinator/ports/state-store.js';
import type { NodeName } from '../../shared/model/ids.js';
import type { NodeStatus } from '../../shared/model/node-status.js';
import { app, env, plainStrategy, releaseId, target } from '../../test/sim/fixtures.js';

/** Enough for what is compiled on the way, and for what the first report after a start costs. */
const before = 3_000;
const measured = 4_000;

const v1 = target(1);

/**
 * What a report costs the coordinator while no rollout is under way: of a node whose service fails, and of one whose
 * service is well again. One report a turn of the loop, which is the dearest; nothing goes to a disk.
 * @returns processor time of one, in microseconds
 */
export async function reportUs(size: number): Promise<number> {
  const orchestrator = await Orchestrator.open({
    store: quietStore(snapshotOf(size)),
    clock: { now: Date.now, monotonic: () => performance.now(), sleep: () => Promise.resolve() },
    random: { next: () => 0.5, hex: (bytes) => '0'.repeat(2 * bytes) },
    logger: { info: () => undefined, warn: () => undefined, error: () => undefined },
    limits: defaultLivenessLimits,
    stores: () => [],
    configRevision: () => v1.configRevision,
  });
  const report = async (at: number): Promise<void> => {
    // Far from each other, and each of them again and again.
    const node = nameOf(((at * 7919) % Math.min(size, 1_000)) * Math.floor(size / 1_000));
    await orchestrator.report(node, 'bench', at + 1, statusOf(Math.floor(at / 1_000) % 2 === 0));
  };
  for (let at = 0; at < before; at++) await report(at);
  const start = process.cpuUsage();
  for (let at = before; at < before + measured; at++) await report(at);
  const { user, system } = process.cpuUsage(start);
  return (user + system) / measured;
}

const nameOf = (at: number): NodeName => `web-${String(at).padStart(6, '0')}` as NodeName;

const statusOf = (ill: boolean): NodeStatus => ({
  apps: [
    {
      ...{ app, generation: 1, phase: 'healthy', health: ill ? 'unhealthy' : 'healthy', ready: !ill },
      ...{ current: releaseId(v1), previous: undefined, staged: [v1.release.digest], failure: undefined },
      ...{ note: '', fetched: undefined, fetchedFrom: [] },
    },
  ],
  ...{ facts: undefined, agentVersion: '0.0.0', allowUnsigned: false },
});

function snapshotOf(size: number): Snapshot {
  const names = Array.from({ length: size }, (_, at) => nameOf(at));
  return {
    applications: [{ name: app, text: '' }],
    environments: [
      {
        ...{ app, name: env, ordinal: 0, proven: [v1], wanted: v1.release.version, settled: true },
        spec: {
          selector: { requirements: [{ kind: 'in', key: 'role', values: ['web'] }], text: 'role=web' },
          ...{ name: env, config: {}, strategy: plainStrategy, join: 'stable' },
        },
      },
    ],
    releases: [{ ...v1.release, app, publishedAt: 0, publishedBy: 'bench' }],
    nodes: names.map(
      (name): NodeRecord => ({
        ...{ name, labels: { role: 'web' }, operatorLabels: {}, instance: name, address: '' },
        ...{ status: statusOf(false), decommissioned: false, firstSeenAt: 0, lastSeenAt: 0 },
      }),
    ),
    assignments: names.map((node) => ({
      ...{ node, app, env, generation: 1, intent: 'activate', state: 'done', rollout: undefined },
      ...{ version: v1.release.version, digest: v1.release.digest, configRevision: v1.configRevision },
      ...{ liveConfigRevision: v1.configRevision, drain: true, restart: false },
      ...{ minHealthyTimeMs: 0, healthDeadlineMs: 60_000, fetchBytesPerSecond: 0 },
    })),
    ...{
      builds: [],
      activeRollouts: [],
      configs: [],
      locks: [],
      poison: [],
      tokens: [],
      identities: [],
      operators: [],
    },
    meta: { nextGeneration: 2, upTimeMs: 0 },
  };
}

/** A database that takes everything and keeps nothing. */
function quietStore(snapshot: Snapshot): StateStore {
  let position = 0;
  return {
    load: () => Promise.resolve(snapshot),
    commit: ({ events = [] }) => Promise.resolve(events.map((event) => ({ ...event, position: ++position }))),
    answerTo: () => Promise.resolve(undefined),
    rollout: () => Promise.resolve(undefined),
    rollouts: () => Promise.resolve([]),
    events: () => Promise.resolve([]),
    verifyEvents: () => Promise.reject(new Error('these events have no hashes')),
    lastEventPosition: () => Promise.resolve(position),
    consumers: () => Promise.resolve([]),
    addConsumer: () => Promise.resolve(),
    moveConsumer: () => Promise.resolve(),
    removeConsumer: () => Promise.resolve(false),
    prune: () => Promise.resolve(false),
    close: () => Promise.resolve(),
  };
}
