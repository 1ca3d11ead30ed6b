export const rolloutStatuses = [
  'staging',
  'running',
  'paused',
  'waiting',
  'rollingBack',
  'succeeded',
  'failed',
  'rolledBack',
  'aborted',
  'superseded',
] as const;
export type RolloutStatus = (typeof rolloutStatuses)[number];

export const terminalRolloutStatuses: ReadonlySet<RolloutStatus> = new Set([
  'succeeded',
  'failed',
  'rolledBack',
  'aborted',
  'superseded',
]);

/** Where a node is in a rollout. */
export const rolloutNodePhases = [
  'pending',
  'staging',
  'staged',
  'draining',
  'stopping',
  'switching',
  'starting',
  'checking',
  'healthy',
  'failed',
  'turnedBack',
  'inconsistent',
  'lost',
  'skipped',
  'excused',
] as const;
export type RolloutNodePhase = (typeof rolloutNodePhases)[number];

export const waveStatuses = ['pending', 'running', 'baking', 'gated', 'passed', 'failed'] as const;
export type WaveStatus = (typeof waveStatuses)[number];

/** What a rollout is for. `stage` brings a release onto the disks and activates nothing. */
export type RolloutCause = 'deploy' | 'restart' | 'rollback' | 'stage';
