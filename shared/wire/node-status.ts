import { isKeyId } from '../core/envelope.js';
import { isAppName, isDigest, isReleaseVersion } from '../model/ids.js';
import { messageLimits } from '../model/messages.js';
import {
  type AppStatus,
  type Drift,
  type DriftKind,
  type HealthVerdict,
  type HostFacts,
  type NodePhase,
  type NodeStatus,
  type ReleaseId,
  type StepFailure,
  type StepName,
} from '../model/node-status.js';
import type { FieldReader } from './fields.js';
import { capstan } from './gen/agent-static.js';

const { NodePhase: WirePhase, Health } = capstan.v1;

const phases: Readonly<Record<NodePhase, capstan.v1.NodePhase>> = {
  idle: WirePhase.NODE_PHASE_IDLE,
  staging: WirePhase.NODE_PHASE_STAGING,
  staged: WirePhase.NODE_PHASE_STAGED,
  draining: WirePhase.NODE_PHASE_DRAINING,
  stopping: WirePhase.NODE_PHASE_STOPPING,
  switching: WirePhase.NODE_PHASE_SWITCHING,
  starting: WirePhase.NODE_PHASE_STARTING,
  checking: WirePhase.NODE_PHASE_CHECKING,
  healthy: WirePhase.NODE_PHASE_HEALTHY,
  failed: WirePhase.NODE_PHASE_FAILED,
  turnedBack: WirePhase.NODE_PHASE_TURNED_BACK,
  inconsistent: WirePhase.NODE_PHASE_INCONSISTENT,
  removed: WirePhase.NODE_PHASE_REMOVED,
};
const verdicts: Readonly<Record<HealthVerdict, capstan.v1.Health>> = {
  unknown: Health.HEALTH_UNKNOWN,
  healthy: Health.HEALTH_HEALTHY,
  unhealthy: Health.HEALTH_UNHEALTHY,
};
/** By their numbers on the wire. */
const phaseOf = inverted(phases);
const verdictOf = inverted(verdicts);
const steps: readonly [StepName, ...StepName[]] = [
  'fetch',
  'verify',
  'unpack',
  'preflight',
  'render',
  'database',
  'drain',
  'stop',
  'swap',
  'start',
  'check',
  'rejoin',
  'turnBack',
  'remove',
];

const driftKinds: readonly [DriftKind, ...DriftKind[]] = ['changed', 'mode', 'added', 'removed'];

export const nodeStatusToWire = (status: NodeStatus): capstan.v1.INodeStatus => ({
  apps: status.apps.map(appStatusToWire),
  facts: status.facts ?? null,
  agentVersion: status.agentVersion,
  allowUnsigned: status.allowUnsigned,
  trustedKeys: (status.trustedKeys ?? []).slice(0, messageLimits.trustedKeys),
});

function appStatusToWire(status: AppStatus): capstan.v1.IAppStatus {
  const { failure } = status;
  return {
    app: status.app,
    generation: status.generation,
    phase: phases[status.phase],
    health: verdicts[status.health],
    ready: status.ready,
    current: status.current ?? null,
    previous: status.previous ?? null,
    staged: [...status.staged],
    failure:
      failure === undefined
        ? null
        : {
            step: failure.step,
            reason: failure.reason.slice(0, messageLimits.sentence),
            logTail: failure.logTail.slice(-messageLimits.logTail),
          },
    note: status.note.slice(0, messageLimits.sentence),
    bytesDone: status.fetched?.bytesDone ?? 0,
    bytesTotal: status.fetched?.bytesTotal ?? 0,
    fetchedFrom: [...status.fetchedFrom],
    drift: status.drift === undefined ? null : driftToWire(status.drift),
    pastReturn: status.pastReturn ?? false,
    restarts: status.restarts ?? 0,
    standby: status.standby ?? false,
  };
}

const driftToWire = ({ total, paths }: Drift): capstan.v1.IDrift => ({
  total,
  paths: paths.slice(0, messageLimits.driftedPaths).map((drifted) => ({ ...drifted })),
});

export function nodeStatusFromWire(read: FieldReader, wire: capstan.v1.INodeStatus): NodeStatus {
  const trustedKeys = read
    .list('status.trusted_keys', wire.trustedKeys, messageLimits.trustedKeys)
    .map((id, at) => read.text(`status.trusted_keys[${at}]`, id, isKeyId, 'the id of a key'));
  return {
    apps: read
      .list('status.apps', wire.apps, messageLimits.apps)
      .map((app, at) => appStatusFromWire(read, `status.apps[${at}]`, app)),
    facts: wire.facts === null || wire.facts === undefined ? undefined : factsFromWire(read, wire.facts),
    agentVersion: read.plain('status.agent_version', wire.agentVersion, 128),
    allowUnsigned: wire.allowUnsigned ?? false,
    ...(trustedKeys.length === 0 ? {} : { trustedKeys }),
  };
}

function appStatusFromWire(read: FieldReader, path: string, wire: capstan.v1.IAppStatus): AppStatus {
  const bytesTotal = read.count(`${path}.bytes_total`, wire.bytesTotal);
  const bytesDone = read.count(`${path}.bytes_done`, wire.bytesDone);
  return {
    app: read.text(`${path}.app`, wire.app, isAppName, 'a DNS label'),
    generation: read.count(`${path}.generation`, wire.generation),
    // A phase of a newer agent's is the end of nothing.
    phase: phaseOf.get(wire.phase ?? 0) ?? 'idle',
    health: verdictOf.get(wire.health ?? 0) ?? 'unknown',
    ready: wire.ready ?? false,
    current: releaseIdFromWire(read, `${path}.current`, wire.current),
    previous: releaseIdFromWire(read, `${path}.previous`, wire.previous),
    staged: read
      .list(`${path}.staged`, wire.staged, messageLimits.staged)
      .map((digest, at) => read.text(`${path}.staged[${at}]`, digest, isDigest, 'a digest')),
    failure: failureFromWire(read, `${path}.failure`, wire.failure),
    note: read.plain(`${path}.note`, wire.note, messageLimits.sentence),
    fetched: bytesTotal === 0 ? undefined : { bytesDone, bytesTotal },
    fetchedFrom: read
      .list(`${path}.fetched_from`, wire.fetchedFrom, messageLimits.sources)
      .map(({ source, bytes }, at) => ({
        source: read.plain(`${path}.fetched_from[${at}].source`, source, messageLimits.sentence),
        bytes: read.count(`${path}.fetched_from[${at}].bytes`, bytes),
      })),
    ...(wire.drift === null || wire.drift === undefined
      ? {}
      : { drift: driftFromWire(read, `${path}.drift`, wire.drift) }),
    ...(wire.pastReturn === true ? { pastReturn: true } : {}),
    ...(wire.restarts ? { restarts: read.count(`${path}.restarts`, wire.restarts) } : {}),
    ...(wire.standby === true ? { standby: true } : {}),
  };
}

function driftFromWire(read: FieldReader, path: string, wire: capstan.v1.IDrift): Drift {
  return {
    total: read.count(`${path}.total`, wire.total),
    paths: read.list(`${path}.paths`, wire.paths, messageLimits.driftedPaths).map((drifted, at) => ({
      path: read.plain(`${path}.paths[${at}].path`, drifted.path, messageLimits.path),
      kind: driftKinds.find((kind) => kind === drifted.kind) ?? 'changed',
    })),
  };
}

function releaseIdFromWire(
  read: FieldReader,
  path: string,
  wire: capstan.v1.IReleaseId | null | undefined,
): ReleaseId | undefined {
  if (wire === null || wire === undefined) return undefined;
  return {
    version: read.text(`${path}.version`, wire.version, isReleaseVersion, 'a version'),
    digest: read.text(`${path}.digest`, wire.digest, isDigest, 'a digest'),
  };
}

function failureFromWire(
  read: FieldReader,
  path: string,
  wire: capstan.v1.IStepFailure | null | undefined,
): StepFailure | undefined {
  if (wire === null || wire === undefined) return undefined;
  const said = read.plain(`${path}.step`, wire.step, 64);
  const step = steps.find((known) => known === said);
  const reason = read.plain(`${path}.reason`, wire.reason, messageLimits.sentence);
  return {
    // A step that only newer agents know is named in the sentence.
    step: step ?? 'check',
    reason: step === undefined ? `${said}: ${reason}` : reason,
    logTail: read.plain(`${path}.log_tail`, wire.logTail, messageLimits.logTail),
  };
}

function factsFromWire(read: FieldReader, wire: capstan.v1.IHostFacts): HostFacts {
  const text = (name: string, value: string | null | undefined): string =>
    read.plain(`status.facts.${name}`, value, 256);
  const count = (name: string, value: number | null | undefined): number =>
    read.count(`status.facts.${name}`, value);
  return {
    os: text('os', wire.os),
    kernel: text('kernel', wire.kernel),
    arch: text('arch', wire.arch),
    hostname: text('hostname', wire.hostname),
    cpus: count('cpus', wire.cpus),
    memoryTotal: count('memory_total', wire.memoryTotal),
    memoryAvailable: count('memory_available', wire.memoryAvailable),
    diskTotal: count('disk_total', wire.diskTotal),
    diskFree: count('disk_free', wire.diskFree),
    load1: finite(wire.load1),
    uptimeSeconds: count('uptime_seconds', wire.uptimeSeconds),
    nodeVersion: text('node_version', wire.nodeVersion),
    ...(wire.pressure === null || wire.pressure === undefined
      ? {}
      : {
          pressure: {
            cpu: finite(wire.pressure.cpu),
            memory: finite(wire.pressure.memory),
            io: finite(wire.pressure.io),
          },
        }),
  };
}

const finite = (value: number | null | undefined): number => (Number.isFinite(value) ? (value ?? 0) : 0);

function inverted<Word extends string>(numbers: Readonly<Record<Word, number>>): ReadonlyMap<number, Word> {
  const words = Object.keys(numbers) as Word[];
  return new Map(words.map((word) => [numbers[word], word]));
}
