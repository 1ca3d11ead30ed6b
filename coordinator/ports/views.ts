import type { Intent } from '../../shared/model/desired-state.js';
import type { Labels } from '../../shared/model/labels.js';
import type { Liveness } from '../../shared/model/liveness.js';
import type { HealthVerdict, HostFacts, NodePhase, StepFailure } from '../../shared/model/node-status.js';
import type { Release } from '../../shared/model/release.js';
import type {
  RolloutCause,
  RolloutNodePhase,
  RolloutStatus,
  WaveStatus,
} from '../../shared/model/rollout.js';

/** What operators are shown. Plain JSON, so that a first answer can be kept for its idempotency key; times are RFC 3339, '' stands for none. */
export interface ChangeView {
  readonly kind: 'application' | 'environment';
  readonly name: string;
  readonly action: 'created' | 'updated' | 'removed' | 'unchanged';
  readonly details: readonly string[];
}

export interface ApplyView {
  readonly changes: readonly ChangeView[];
  readonly warnings: readonly string[];
}

export interface ApplicationView {
  readonly name: string;
  readonly environments: readonly EnvironmentView[];
  readonly releases: number;
  readonly latestVersion: string;
  /** The text as it was applied. */
  readonly spec: string;
}

export interface EnvironmentView {
  readonly name: string;
  readonly selector: string;
  readonly strategy: string;
  readonly nodes: number;
  readonly version: string;
  readonly digest: string;
  readonly wanted: string;
}

export interface EnvironmentStatusView {
  readonly app: string;
  readonly env: string;
  readonly version: string;
  readonly digest: string;
  readonly total: number;
  readonly healthy: number;
  readonly unhealthy: number;
  readonly lost: number;
  readonly rollout: string;
  readonly rolloutStatus: string;
  readonly versions: Readonly<Record<string, number>>;
  readonly problems: readonly string[];
}

export interface ReleaseView {
  readonly release: Release;
  readonly environments: readonly string[];
  readonly stores: readonly string[];
}

export interface UploadView {
  readonly uploadUrl: string;
  readonly ticket: string;
  readonly existingDigest: string;
}

export interface RolloutView {
  readonly id: string;
  readonly app: string;
  readonly env: string;
  readonly from: string;
  readonly to: string;
  readonly strategy: string;
  readonly status: RolloutStatus;
  readonly reason: string;
  readonly waves: readonly WaveView[];
  readonly startedAt: string;
  readonly endedAt: string;
  readonly cause: RolloutCause;
  readonly requestedBy: string;
  readonly requestedReason: string;
  readonly rollbackOf: string;
  readonly supersededBy: string;
  readonly waitingFor: string;
  readonly total: number;
  readonly settled: number;
  readonly healthy: number;
  readonly failed: number;
}

export interface WaveView {
  readonly name: string;
  readonly status: WaveStatus;
  readonly nodes: readonly RolloutNodeView[];
}

export interface RolloutNodeView {
  readonly name: string;
  readonly phase: RolloutNodePhase;
  readonly health: HealthVerdict;
  readonly reason: string;
  readonly logTail: string;
  readonly step: string;
  readonly bytesDone: number;
  readonly bytesTotal: number;
}

export interface DeployView {
  /** Undefined: there was nothing to do. */
  readonly rollout: RolloutView | undefined;
  readonly superseded: string;
  readonly note: string;
}

export interface NodeView {
  readonly name: string;
  readonly labels: Labels;
  readonly liveness: Liveness;
  readonly agentVersion: string;
  readonly facts: HostFacts | undefined;
  readonly apps: readonly NodeAppView[];
  readonly allowUnsigned: boolean;
  readonly lastSeen: string;
  readonly address: string;
}

export interface NodeAppView {
  readonly app: string;
  readonly env: string;
  readonly version: string;
  readonly digest: string;
  readonly wantedVersion: string;
  readonly wantedIntent: Intent | undefined;
  readonly phase: NodePhase;
  readonly health: HealthVerdict;
  readonly reason: string;
  readonly failure: StepFailure | undefined;
  readonly generation: number;
  readonly bytesDone: number;
  readonly bytesTotal: number;
}

export interface WhyView {
  readonly kind: 'node' | 'rollout';
  readonly answer: string;
  readonly details: readonly string[];
  readonly since: string;
  readonly hint: string;
  readonly logTail: string;
}
