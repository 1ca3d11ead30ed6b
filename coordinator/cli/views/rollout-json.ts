import type { RolloutNodeView, RolloutView, WaveView } from '../../../shared/wire/operator-client.js';
import { optional, orNull, toNumber, wireWord } from './wire-words.js';

/** A rollout as `--output json` prints it. */
export function rolloutJson(view: RolloutView) {
  const { comparison } = view;
  return {
    ...headJson(view),
    waves: view.waves.map(waveJson),
    ...(comparison === null ? {} : { comparison: comparisonJson(comparison) }),
  };
}

const comparisonJson = ({ having, lacking, differences }: NonNullable<RolloutView['comparison']>) => ({
  having: cohortJson(having),
  lacking: cohortJson(lacking),
  differences,
});

const cohortJson = (cohort: NonNullable<RolloutView['comparison']>['having']) => ({
  nodes: cohort?.nodes ?? 0,
  healthy: cohort?.healthy ?? 0,
  unhealthy: cohort?.unhealthy ?? 0,
  away: cohort?.away ?? 0,
  restarts: cohort?.restarts ?? 0,
  restartRate: cohort?.restartRate ?? 0,
  ...(cohort?.pressure ? { pressure: pressureJson(cohort.pressure) } : {}),
});

const pressureJson = ({ cpu, memory, io }: Readonly<Record<'cpu' | 'memory' | 'io', number>>) => ({
  cpu,
  memory,
  io,
});

/** A rollout of a list: its waves without their nodes. */
export function listedRolloutJson(view: RolloutView) {
  return { ...headJson(view), waves: view.waves.map(({ name, status }) => ({ name, status })) };
}

function headJson(view: RolloutView) {
  return {
    id: view.id,
    app: view.app,
    env: view.env,
    from: orNull(view.from),
    to: view.to,
    ...(view.config === 0 ? {} : { config: view.config }),
    ...(view.fromConfig === 0 ? {} : { fromConfig: view.fromConfig }),
    strategy: view.strategy,
    status: view.status,
    ...optional('reason', view.reason),
    ...optional('waitingFor', view.waitingFor),
    cause: view.cause,
    requestedBy: view.requestedBy,
    ...optional('requestedReason', view.requestedReason),
    ...optional('rollbackOf', view.rollbackOf),
    ...optional('supersededBy', view.supersededBy),
    total: view.total,
    settled: view.settled,
    healthy: view.healthy,
    failed: view.failed,
    staged: view.staged,
    ...(view.slots === null ? {} : { slots: slotsJson(view.slots) }),
    startedAt: view.startedAt,
    ...optional('endedAt', view.endedAt),
  };
}

const slotsJson = ({ label, fresh, old, active, step, towards }: NonNullable<RolloutView['slots']>) => ({
  label,
  fresh,
  ...optional('old', old),
  ...optional('active', active),
  step,
  towards,
});

export type RolloutJson = ReturnType<typeof rolloutJson>;
export type RolloutHeadJson = ReturnType<typeof headJson>;

const waveJson = (wave: WaveView) => ({
  name: wave.name,
  status: wave.status,
  nodes: wave.nodes.map(rolloutNodeJson),
});

const rolloutNodeJson = (node: RolloutNodeView) => ({
  name: node.name,
  phase: node.phase,
  health: wireWord('HEALTH_', node.health),
  ...optional('reason', node.reason),
  ...optional('step', node.step),
  ...optional('logTail', node.logTail),
  ...(node.pastReturn ? { pastReturn: true } : {}),
  ...progress(toNumber(node.bytesDone), toNumber(node.bytesTotal)),
});

export const progress = (bytesDone: number, bytesTotal: number) =>
  bytesTotal === 0 ? {} : { bytesDone, bytesTotal };
