import { type Lock, scopeOf } from '../../../../shared/model/lock.js';
import type { HostFacts } from '../../../../shared/model/node-status.js';
import type { Serving } from '../../../../shared/model/peers.js';
import type { ApplicationView } from '../../../../shared/wire/gen/capstan/v1/ApplicationView.js';
import type { ApprovalView } from '../../../../shared/wire/gen/capstan/v1/ApprovalView.js';
import type { ConfigView } from '../../../../shared/wire/gen/capstan/v1/ConfigView.js';
import type { ConsumerView } from '../../../../shared/wire/gen/capstan/v1/ConsumerView.js';
import type { EnvironmentStatus } from '../../../../shared/wire/gen/capstan/v1/EnvironmentStatus.js';
import type { EnvironmentView } from '../../../../shared/wire/gen/capstan/v1/EnvironmentView.js';
import type { Event } from '../../../../shared/wire/gen/capstan/v1/Event.js';
import type { Health } from '../../../../shared/wire/gen/capstan/v1/Health.js';
import type { Intent } from '../../../../shared/wire/gen/capstan/v1/Intent.js';
import type { LockView } from '../../../../shared/wire/gen/capstan/v1/LockView.js';
import type { NodeAppView } from '../../../../shared/wire/gen/capstan/v1/NodeAppView.js';
import type { NodePhase } from '../../../../shared/wire/gen/capstan/v1/NodePhase.js';
import type { NodeView } from '../../../../shared/wire/gen/capstan/v1/NodeView.js';
import type { PoisonView } from '../../../../shared/wire/gen/capstan/v1/PoisonView.js';
import type { ReleaseView } from '../../../../shared/wire/gen/capstan/v1/ReleaseView.js';
import type { StandingView } from '../../../../shared/wire/gen/capstan/v1/StandingView.js';
import type { WhyResponse } from '../../../../shared/wire/gen/capstan/v1/WhyResponse.js';
import { releaseRefToWire } from '../../../../shared/wire/release-ref.js';
import { assetUrls } from '../../../core/asset-values.js';
import type { PoisonRecord } from '../../../core/poison.js';
import type {
  ApplicationSummary,
  ConfigSummary,
  EnvironmentSummary,
  NodeAppSummary,
  NodeSummary,
  ReleaseSummary,
  Standing,
  WhyAnswer,
} from '../../../ports/inventory.js';
import type { ConsumerSummary } from '../../../ports/outbox.js';
import type { EventRecord } from '../../../ports/state-store.js';

/** RFC 3339 in UTC; '' for none. */
export const timeText = (ms: number | undefined): string =>
  ms === undefined ? '' : new Date(ms).toISOString();

export const healthOf = (health: 'healthy' | 'unhealthy' | 'unknown' | undefined): keyof typeof Health =>
  health === 'healthy' ? 'HEALTH_HEALTHY' : health === 'unhealthy' ? 'HEALTH_UNHEALTHY' : 'HEALTH_UNKNOWN';

const intents = {
  stage: 'INTENT_STAGE',
  activate: 'INTENT_ACTIVATE',
  remove: 'INTENT_REMOVE',
} as const satisfies Record<string, keyof typeof Intent>;

const phases = {
  idle: 'NODE_PHASE_IDLE',
  staging: 'NODE_PHASE_STAGING',
  staged: 'NODE_PHASE_STAGED',
  draining: 'NODE_PHASE_DRAINING',
  stopping: 'NODE_PHASE_STOPPING',
  switching: 'NODE_PHASE_SWITCHING',
  starting: 'NODE_PHASE_STARTING',
  checking: 'NODE_PHASE_CHECKING',
  healthy: 'NODE_PHASE_HEALTHY',
  failed: 'NODE_PHASE_FAILED',
  turnedBack: 'NODE_PHASE_TURNED_BACK',
  inconsistent: 'NODE_PHASE_INCONSISTENT',
  removed: 'NODE_PHASE_REMOVED',
} as const satisfies Record<string, keyof typeof NodePhase>;

/** @param serving what it offers to other nodes, as far as that is asked for */
export function nodeView({ record, liveness, apps, sampledAt }: NodeSummary, serving?: Serving): NodeView {
  const { name, labels, address, status, lastSeenAt } = record;
  return {
    name,
    labels,
    liveness,
    agentVersion: status?.agentVersion ?? '',
    facts: status?.facts === undefined ? null : factsView(status.facts),
    apps: apps.map(nodeAppView),
    allowUnsigned: status?.allowUnsigned ?? false,
    trustedKeys: [...(status?.trustedKeys ?? [])],
    lastSeen: timeText(lastSeenAt),
    factsAt: timeText(sampledAt),
    address,
    serving: serving === undefined ? null : { ...serving, packs: [...serving.packs] },
  };
}

const factsView = (facts: HostFacts): NonNullable<NodeView['facts']> => ({ ...facts });

function nodeAppView({ app, env, status, assignment, reason }: NodeAppSummary): NodeAppView {
  return {
    app,
    env: env ?? '',
    version: status?.current?.version ?? '',
    digest: status?.current?.digest ?? '',
    wantedVersion: assignment?.version ?? '',
    wantedIntent: assignment === undefined ? 'INTENT_UNSPECIFIED' : intents[assignment.intent],
    phase: phases[status?.phase ?? 'idle'],
    health: healthOf(status?.health),
    reason,
    failure: status?.failure ?? null,
    generation: assignment?.generation ?? status?.generation ?? 0,
    bytesDone: status?.fetched?.bytesDone ?? 0,
    bytesTotal: status?.fetched?.bytesTotal ?? 0,
    fetchedFrom: [...(status?.fetchedFrom ?? [])],
    drift: status?.drift === undefined ? null : { ...status.drift, paths: [...status.drift.paths] },
    pastReturn: status?.pastReturn ?? false,
    restarts: status?.restarts ?? 0,
    standby: status?.standby ?? false,
  };
}

export function applicationView(summary: ApplicationSummary): ApplicationView {
  return {
    name: summary.name,
    environments: summary.environments.map(environmentView),
    releases: summary.releases,
    latestVersion: summary.latest ?? '',
    spec: summary.text,
    leaving: [...summary.leaving],
  };
}

function environmentView({ record, total }: EnvironmentSummary): EnvironmentView {
  const proven = record.proven[0]?.release;
  const { promotion, autoDeploy } = record.spec;
  return {
    name: record.name,
    selector: record.spec.selector.text,
    strategy: record.spec.strategy.type,
    nodes: total,
    version: proven?.version ?? '',
    digest: proven?.digest ?? '',
    wanted: record.wanted ?? '',
    promotion:
      promotion === undefined
        ? null
        : { ...promotion, from: promotion.from ?? '', checks: [...promotion.checks] },
    autoDeploy: autoDeploy === undefined ? null : { checks: [...autoDeploy.checks] },
  };
}

export function environmentStatus(summary: EnvironmentSummary): EnvironmentStatus {
  const { record, total, healthy, unhealthy, silent, lost, versions, rollout, problems, next } = summary;
  const { lock, freeze, window } = summary;
  const proven = record.proven[0]?.release;
  return {
    app: record.app,
    env: record.name,
    version: proven?.version ?? '',
    digest: proven?.digest ?? '',
    total,
    healthy,
    unhealthy,
    silent,
    lost,
    rollout: rollout?.header.id ?? '',
    rolloutStatus: rollout?.header.status ?? '',
    versions: Object.fromEntries(versions),
    problems: [...problems],
    lock: lock === undefined ? null : lockView(lock),
    freeze: freeze === undefined ? null : lockView(freeze),
    window: window === undefined ? null : { open: window.open, until: timeText(window.until) },
    config: record.proven[0]?.configNumber ?? 0,
    newestConfig: record.configReleases?.[0]?.number ?? 0,
    next: next === undefined ? null : { ...next, lacks: [...next.lacks] },
    activeSlot: record.spec.strategy.parallel === undefined ? '' : (record.activeSlot ?? ''),
  };
}

export const lockView = (lock: Lock): LockView => ({
  scope: scopeOf(lock),
  kind: lock.kind,
  owner: lock.owner,
  reason: lock.reason,
  since: timeText(lock.since),
  until: timeText(lock.until),
});

export const poisonView = ({ digest, app, since, evidence }: PoisonRecord): PoisonView => ({
  digest,
  app,
  since: timeText(since),
  evidence: evidence.map(({ node, env, version, step, reason, rollout = '', config = 0, at }) => ({
    ...{ node, env, version, step, reason, rollout, config },
    at: timeText(at),
  })),
});

export function releaseView(
  { release, environments, checks, standings, poison }: ReleaseSummary,
  stores: readonly string[],
  assetsUrl = '',
): ReleaseView {
  return {
    app: release.app,
    release: releaseRefToWire(release),
    publishedAt: timeText(release.publishedAt),
    publishedBy: release.publishedBy,
    environments: [...environments],
    stores: [...stores],
    retiredAt: timeText(release.retiredAt),
    assetUrls: Object.fromEntries(assetUrls(release, assetsUrl)),
    checks: checks.map((check) => ({ ...check, at: timeText(check.at) })),
    standings: standings.map(standingView),
    poison: poison === undefined ? null : poisonView(poison),
  };
}

export const configView = ({ number, at, by, changes, isProven }: ConfigSummary): ConfigView => ({
  number,
  createdAt: timeText(at),
  createdBy: by,
  changes: [...changes],
  proven: isProven,
});

const standingView = ({ env, lacks, approvals, promotion }: Standing): StandingView => ({
  env,
  lacks: [...lacks],
  approvals: approvals.map(approvalView),
  promotion: promotion === undefined ? null : approvalView(promotion),
});

const approvalView = ({ by, at, reason }: Standing['approvals'][number]): ApprovalView => ({
  by,
  at: timeText(at),
  reason,
});

export function whyResponse({ kind, answer, details, since, hint, logTail }: WhyAnswer): WhyResponse {
  return { kind, answer, details: [...details], since: timeText(since), hint, logTail };
}

export function eventView({ position, time, ...event }: EventRecord): Event {
  return { ...event, position, time: timeText(time) };
}

export function consumerView({ name, position, newest, createdAt, movedAt }: ConsumerSummary): ConsumerView {
  return { name, position, newest, createdAt: timeText(createdAt), movedAt: timeText(movedAt) };
}
