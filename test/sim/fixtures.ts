import type { Target } from '../../coordinator/core/rollout/types/plan.js';
import type { Strategy } from '../../shared/model/application.js';
import type {
  AppName,
  Digest,
  EnvName,
  NodeName,
  ReleaseVersion,
  RolloutId,
} from '../../shared/model/ids.js';
import type { HostFacts, ReleaseId } from '../../shared/model/node-status.js';
import type { DatabaseFact } from '../../shared/model/release.js';

export const app = 'web' as AppName;
export const env = 'production' as EnvName;
export const nodeName = (text: string): NodeName => text as NodeName;
export const rolloutId = (text: string): RolloutId => text as RolloutId;

/** A target of which the number gives everything: `target(2)` is version 2.0.0. */
export function target(number: number, configRevision = 'c0c0c0c0', database?: DatabaseFact): Target {
  const digest = `sha256:${String(number).padStart(64, '0')}` as Digest;
  return {
    release: {
      version: `${number}.0.0` as ReleaseVersion,
      digest,
      manifestSize: 1,
      layout: { digest, size: 1 },
      contentSize: 1,
      fileCount: 1,
      packSize: 1,
      deltas: [],
      ...(database === undefined ? {} : { database }),
    },
    config: {},
    configRevision,
  };
}

export const releaseId = ({ release }: Target): ReleaseId => ({
  version: release.version,
  digest: release.digest,
});

export const plainStrategy: Strategy = {
  type: 'rolling',
  maxUnavailable: { kind: 'count', count: 1 },
  stageRequire: undefined,
  waves: [{ name: 'all', members: { kind: 'rest' }, batch: undefined, bakeMs: 0, gate: 'auto' }],
  health: { minHealthyTimeMs: 0, deadlineMs: 60_000 },
  budget: { failed: { kind: 'percent', percent: 10 }, lost: { kind: 'percent', percent: 20 } },
  progressDeadlineMs: 600_000,
  onFailure: 'rollback',
};

export const hostFacts: HostFacts = {
  os: 'Debian GNU/Linux 12',
  kernel: '6.1.0-18-amd64',
  arch: 'x64',
  hostname: 'host',
  cpus: 4,
  memoryTotal: 8 * 1024 ** 3,
  memoryAvailable: 4 * 1024 ** 3,
  diskTotal: 100e9,
  diskFree: 50e9,
  load1: 0.5,
  uptimeSeconds: 1000,
  nodeVersion: 'v20.19.0',
};
