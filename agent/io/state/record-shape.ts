import { isReleaseRef } from '../../../shared/core/release-shape.js';
import {
  count,
  flag,
  type Guard,
  listOf,
  matching,
  object,
  oneOf,
  optional,
  text,
} from '../../../shared/core/shapes.js';
import { isAppName } from '../../../shared/model/ids.js';
import type { FetchedFrom, StepFailure, StepName } from '../../../shared/model/node-status.js';
import { hookNames } from '../../../shared/model/release-spec.js';
import type { AppRecord, Settled, Verdict, Work } from '../../core/record.js';
import type { Action, Step, StepArguments } from '../../core/steps.js';
import { isAssignment } from './assignment-shape.js';

const app = matching(isAppName);
const dir = text;

/** One for each step, so that a step whose line could not be read back does not compile. */
const steps: { readonly [A in Action]: Guard<StepArguments[A]> } = {
  stage: object<StepArguments['stage']>({ dir, release: isReleaseRef }),
  verify: object<StepArguments['verify']>({ dir, mend: flag }),
  preflight: object<StepArguments['preflight']>({ dir }),
  render: object<StepArguments['render']>({ dir }),
  database: object<StepArguments['database']>({ dir, reversible: flag }),
  hook: object<StepArguments['hook']>({ dir, hook: oneOf(hookNames), previous: optional(dir) }),
  drain: object<StepArguments['drain']>({ waitMs: count }),
  stop: object<StepArguments['stop']>({ app }),
  swap: object<StepArguments['swap']>({ to: optional(dir), previous: optional(dir) }),
  start: object<StepArguments['start']>({ dir }),
  check: object<StepArguments['check']>({ dir, minHealthyTimeMs: count, deadlineMs: count }),
  rejoin: object<StepArguments['rejoin']>({ app }),
  revive: object<StepArguments['revive']>({ dir }),
  prune: object<StepArguments['prune']>({ dirs: listOf(dir) }),
};
const isAction = (value: unknown): value is Action =>
  typeof value === 'string' && Object.hasOwn(steps, value);
const isStep: Guard<Step> = (value): value is Step =>
  typeof value === 'object' &&
  value !== null &&
  'action' in value &&
  isAction(value.action) &&
  steps[value.action](value);

const stepNames: Readonly<Record<StepName, true>> = {
  fetch: true,
  verify: true,
  unpack: true,
  preflight: true,
  render: true,
  database: true,
  drain: true,
  stop: true,
  swap: true,
  start: true,
  check: true,
  rejoin: true,
  turnBack: true,
  remove: true,
};
const isStepName: Guard<StepName> = (value): value is StepName =>
  typeof value === 'string' && Object.hasOwn(stepNames, value);
const failure = optional(object<StepFailure>({ step: isStepName, reason: text, logTail: text }));
const past = optional(oneOf([true] as const));
const verdicts: readonly Verdict[] = ['staged', 'healthy', 'failed', 'turnedBack', 'inconsistent', 'removed'];

/** What this version of the agent writes about an application, read back. */
export const isAppRecord = object<AppRecord>({
  format: oneOf([1] as const),
  app,
  highest: count,
  settled: optional(
    object<Settled>({ generation: count, phase: oneOf(verdicts), failure, pastReturn: past }),
  ),
  work: optional(
    object<Work>({
      assignment: isAssignment,
      dir,
      from: optional(dir),
      previousBefore: optional(dir),
      direction: oneOf(['forward', 'back'] as const),
      provisional: flag,
      plan: listOf(isStep),
      at: count,
      begun: flag,
      attempts: count,
      drained: flag,
      failure,
      doubt: optional(text),
      pastReturn: past,
      standby: optional(flag),
    }),
  ),
  standby: optional(flag),
  lastGood: optional(dir),
  lastFailed: optional(dir),
  health: oneOf(['healthy', 'unhealthy', 'unknown'] as const),
  fetchedFrom: optional(listOf(object<FetchedFrom>({ source: text, bytes: count }))),
  inconsistent: optional(text),
  interrupted: text,
});
