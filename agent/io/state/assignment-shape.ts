import type { ActivationPolicy, Assignment, DesiredState } from '../../../shared/model/desired-state.js';
import { isAppName, isDigest, isEnvName, isReleaseVersion, isRolloutId } from '../../../shared/model/ids.js';
import type { AssetFolder, DatabaseFact, DeltaRef, ReleaseRef } from '../../../shared/model/release.js';
import { count, flag, listOf, matching, object, oneOf, optional, text, texts } from './shapes.js';

const digest = matching(isDigest);
const sized = { digest, size: count };

export const isReleaseRef = object<ReleaseRef>({
  version: matching(isReleaseVersion),
  digest,
  manifestSize: count,
  layout: object<ReleaseRef['layout']>(sized),
  contentSize: count,
  fileCount: count,
  packSize: count,
  deltas: listOf(
    object<DeltaRef>({
      ...sized,
      from: digest,
      rawSize: count,
      patch: optional(object<NonNullable<DeltaRef['patch']>>(sized)),
    }),
  ),
  assets: optional(listOf(object<AssetFolder>({ dir: text, digest }))),
  database: optional(object<DatabaseFact>({ reversible: flag, timeoutMs: count })),
  envelope: optional(text),
});

export const isAssignment = object<Assignment>({
  app: matching(isAppName),
  env: matching(isEnvName),
  generation: count,
  intent: oneOf(['stage', 'activate', 'remove']),
  release: isReleaseRef,
  config: texts,
  configRevision: text,
  activation: object<ActivationPolicy>({
    drain: flag,
    restart: flag,
    minHealthyTimeMs: count,
    healthDeadlineMs: count,
  }),
  rollout: optional(matching(isRolloutId)),
  stores: listOf(text),
  fetchBytesPerSecond: count,
  database: optional(flag),
  standby: optional(flag),
});

export const isDesiredState = object<DesiredState>({
  revision: count,
  assignments: listOf(isAssignment),
  stores: listOf(text),
});
