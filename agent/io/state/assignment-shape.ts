import { isReleaseRef } from '../../../shared/core/release-shape.js';
import {
  count,
  flag,
  listOf,
  matching,
  object,
  oneOf,
  optional,
  text,
  texts,
} from '../../../shared/core/shapes.js';
import type { ActivationPolicy, Assignment, DesiredState } from '../../../shared/model/desired-state.js';
import { isAppName, isEnvName, isRolloutId } from '../../../shared/model/ids.js';

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
  epoch: optional(count),
  restoreId: optional(text),
  notUnderstood: optional(listOf(matching(isAppName))),
});
