import type { Assignment, DesiredState, Intent } from '../model/desired-state.js';
import {
  type AppName,
  isAppName,
  isDigest,
  isEnvName,
  isReleaseVersion,
  isRestoreId,
  isRolloutId,
} from '../model/ids.js';
import { type DeltaRef, maxDeltas, maxEnvelopeBytes, type ReleaseRef } from '../model/release.js';
import type { FieldReader } from './fields.js';
import { capstan } from './gen/agent-static.js';

const { Intent: WireIntent } = capstan.v1;
const intents: Readonly<Record<Intent, capstan.v1.Intent>> = {
  stage: WireIntent.INTENT_STAGE,
  activate: WireIntent.INTENT_ACTIVATE,
  remove: WireIntent.INTENT_REMOVE,
};
const intentWords = Object.keys(intents) as Intent[];
const isRevision = (text: string): text is string => /^[0-9a-f]{1,64}$/.test(text);

export const desiredStateToWire = (desired: DesiredState): capstan.v1.IDesiredState => ({
  revision: desired.revision,
  assignments: desired.assignments.map(assignmentToWire),
  stores: [...desired.stores],
  epoch: desired.epoch ?? 0,
  restoreId: desired.restoreId ?? '',
});

function assignmentToWire(assignment: Assignment): capstan.v1.IAssignment {
  const { activation } = assignment;
  return {
    app: assignment.app,
    env: assignment.env,
    generation: assignment.generation,
    intent: intents[assignment.intent],
    release: releaseToWire(assignment.release),
    config: assignment.config,
    configRevision: assignment.configRevision,
    activation: {
      drain: activation.drain,
      restart: activation.restart,
      minHealthyTimeMs: activation.minHealthyTimeMs,
      healthDeadlineMs: activation.healthDeadlineMs,
    },
    rollout: assignment.rollout ?? '',
    stores: [...assignment.stores],
    fetchBytesPerSecond: assignment.fetchBytesPerSecond,
    database: assignment.database ?? false,
    standby: assignment.standby ?? false,
  };
}

function releaseToWire(ref: ReleaseRef): capstan.v1.IReleaseRef {
  return {
    version: ref.version,
    digest: ref.digest,
    manifestSize: ref.manifestSize,
    layoutDigest: ref.layout.digest,
    layoutSize: ref.layout.size,
    contentSize: ref.contentSize,
    fileCount: ref.fileCount,
    packSize: ref.packSize,
    deltas: ref.deltas.map(deltaToWire),
    envelope: ref.envelope ?? '',
  };
}

const deltaToWire = ({ patch, ...delta }: DeltaRef): capstan.v1.IDeltaRef => ({
  ...delta,
  patchDigest: patch?.digest ?? '',
  patchSize: patch?.size ?? 0,
});

/** What a newer coordinator wants by a word of its own is no reason to be deaf to the rest. */
export function desiredStateFromWire(read: FieldReader, wire: capstan.v1.IDesiredState): DesiredState {
  const assignments: Assignment[] = [];
  const notUnderstood: AppName[] = [];
  for (const [at, assignment] of read.list('assignments', wire.assignments, 1000).entries()) {
    const path = `assignments[${at}]`;
    const intent = intentOf(assignment.intent);
    if (intent !== undefined) assignments.push(assignmentFromWire(read, path, intent, assignment));
    else notUnderstood.push(read.text(`${path}.app`, assignment.app, isAppName, 'a DNS label'));
  }
  const epoch = read.count('epoch', wire.epoch);
  const restoreId = read.text('restore_id', wire.restoreId, isRestoreId, 'hexadecimal');
  return {
    revision: read.count('revision', wire.revision),
    assignments,
    stores: [...read.list('stores', wire.stores, 100)],
    ...(epoch === 0 ? {} : { epoch }),
    ...(restoreId === '' ? {} : { restoreId }),
    ...(notUnderstood.length === 0 ? {} : { notUnderstood }),
  };
}

const intentOf = (intent: capstan.v1.Intent | null | undefined): Intent | undefined =>
  intentWords.find((word) => intents[word] === intent);

function assignmentFromWire(
  read: FieldReader,
  path: string,
  intent: Intent,
  wire: capstan.v1.IAssignment,
): Assignment {
  const activation = wire.activation ?? {};
  const rollout = wire.rollout ?? '';
  return {
    app: read.text(`${path}.app`, wire.app, isAppName, 'a DNS label'),
    env: read.text(`${path}.env`, wire.env, isEnvName, 'a DNS label'),
    generation: read.count(`${path}.generation`, wire.generation),
    intent,
    release: releaseFromWire(read, `${path}.release`, wire.release ?? {}),
    config: { ...wire.config },
    configRevision: read.text(`${path}.config_revision`, wire.configRevision, isRevision, 'hexadecimal'),
    activation: {
      drain: activation.drain ?? false,
      restart: activation.restart ?? false,
      minHealthyTimeMs: read.count(`${path}.activation.min_healthy_time_ms`, activation.minHealthyTimeMs),
      healthDeadlineMs: read.count(`${path}.activation.health_deadline_ms`, activation.healthDeadlineMs),
    },
    rollout: rollout === '' ? undefined : read.text(`${path}.rollout`, rollout, isRolloutId, 'an id'),
    stores: [...read.list(`${path}.stores`, wire.stores, 100)],
    fetchBytesPerSecond: read.count(`${path}.fetch_bytes_per_second`, wire.fetchBytesPerSecond),
    ...(wire.database === true ? { database: true } : {}),
    ...(wire.standby === true ? { standby: true } : {}),
  };
}

function releaseFromWire(read: FieldReader, path: string, wire: capstan.v1.IReleaseRef): ReleaseRef {
  const envelope = read.plain(`${path}.envelope`, wire.envelope, maxEnvelopeBytes);
  return {
    version: read.text(`${path}.version`, wire.version, isReleaseVersion, 'a version'),
    digest: read.text(`${path}.digest`, wire.digest, isDigest, 'a digest'),
    manifestSize: read.count(`${path}.manifest_size`, wire.manifestSize),
    layout: {
      digest: read.text(`${path}.layout_digest`, wire.layoutDigest, isDigest, 'a digest'),
      size: read.count(`${path}.layout_size`, wire.layoutSize),
    },
    contentSize: read.count(`${path}.content_size`, wire.contentSize),
    fileCount: read.count(`${path}.file_count`, wire.fileCount),
    packSize: read.count(`${path}.pack_size`, wire.packSize),
    deltas: read
      .list(`${path}.deltas`, wire.deltas, maxDeltas)
      .map((delta, at) => deltaFromWire(read, `${path}.deltas[${at}]`, delta)),
    ...(envelope === '' ? {} : { envelope }),
  };
}

function deltaFromWire(read: FieldReader, path: string, wire: capstan.v1.IDeltaRef): DeltaRef {
  const patchDigest = wire.patchDigest ?? '';
  return {
    from: read.text(`${path}.from`, wire.from, isDigest, 'a digest'),
    digest: read.text(`${path}.digest`, wire.digest, isDigest, 'a digest'),
    size: read.count(`${path}.size`, wire.size),
    rawSize: read.count(`${path}.raw_size`, wire.rawSize),
    patch:
      patchDigest === ''
        ? undefined
        : {
            digest: read.text(`${path}.patch_digest`, patchDigest, isDigest, 'a digest'),
            size: read.count(`${path}.patch_size`, wire.patchSize),
          },
  };
}
