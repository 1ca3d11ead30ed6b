import { terminalRolloutStatuses, type WaveStatus } from '../../../../shared/model/rollout.js';
import type { Comparison as WireComparison } from '../../../../shared/wire/gen/capstan/v1/Comparison.js';
import type { RolloutNodeView } from '../../../../shared/wire/gen/capstan/v1/RolloutNodeView.js';
import type { RolloutView } from '../../../../shared/wire/gen/capstan/v1/RolloutView.js';
import type { SlotsView } from '../../../../shared/wire/gen/capstan/v1/SlotsView.js';
import type { WaveView } from '../../../../shared/wire/gen/capstan/v1/WaveView.js';
import type { Cohort, Comparison } from '../../../core/rollout/explain/cohorts.js';
import { activeSlot, type Slots } from '../../../core/rollout/parallel/slots.js';
import { classOf, type NodeClass } from '../../../core/rollout/roles.js';
import type { RolloutNode } from '../../../core/rollout/types/node.js';
import type { RolloutHeader } from '../../../core/rollout/types/rollout.js';
import type { RolloutSummary } from '../../../ports/inventory.js';
import { healthOf, timeText } from './views.js';

export function rolloutView({ record, counts, nodes, waitingFor, comparison }: RolloutSummary): RolloutView {
  const { header, endedAt, supersededBy } = record;
  return {
    id: header.id,
    app: header.app,
    env: header.env,
    from: header.from?.release.version ?? '',
    to: header.to.release.version,
    strategy: header.strategy.type,
    status: header.status,
    reason: header.reason,
    waves: waveViews(header, nodes),
    startedAt: header.startedAt,
    endedAt: timeText(endedAt),
    cause: header.cause,
    requestedBy: header.requestedBy,
    requestedReason: header.requestedReason,
    supersededBy: supersededBy ?? '',
    waitingFor,
    total: counts.total,
    settled: counts.settled,
    healthy: counts.healthy,
    failed: counts.failed,
    staged: counts.staged,
    config: header.to.configNumber ?? 0,
    fromConfig: header.from?.configNumber ?? 0,
    comparison: comparison === undefined ? null : comparisonView(comparison),
    slots: header.slots === undefined ? null : slotsView(header.slots),
  };
}

const comparisonView = ({ having, lacking, differences }: Comparison): WireComparison => ({
  having: cohortView(having),
  lacking: cohortView(lacking),
  differences: [...differences],
});

const cohortView = ({ pressure, ...counts }: Cohort) => ({ ...counts, pressure: pressure ?? null });

function slotsView(slots: Slots): SlotsView {
  const { label, fresh, old = '', step, towards } = slots;
  return { label, fresh, old, active: activeSlot(slots) === 'fresh' ? fresh : old, step, towards };
}

/**
 * The waves of the plan; nodes that joined later come last, in a wave of their own, and so does the group that has the
 * requests when it begins.
 */
function waveViews(header: RolloutHeader, nodes: readonly RolloutNode[]): WaveView[] {
  const { waves, slots } = header;
  const hasEnded = terminalRolloutStatuses.has(header.status);
  const nodeView = (node: RolloutNode): RolloutNodeView => viewOf(node, hasEnded);
  const statusOf = (status: WaveStatus): string =>
    !hasEnded || status === 'passed' || status === 'failed' ? status : 'ended';
  const members = new Map<number, RolloutNodeView[]>();
  const old: RolloutNodeView[] = [];
  for (const node of nodes) {
    const known = members.get(node.wave);
    if (node.only === 'traffic') old.push(nodeView(node));
    else if (known === undefined) members.set(node.wave, [nodeView(node)]);
    else known.push(nodeView(node));
  }
  const views = waves.map(({ name, status }, at) => ({
    name,
    status: statusOf(status),
    nodes: members.get(at) ?? [],
  }));
  const joined = members.get(-1);
  const status = slots?.step === 'kept' ? 'passed' : statusOf('pending');
  return [
    ...views,
    ...(joined === undefined ? [] : [{ name: 'joined', status: statusOf('running'), nodes: joined }]),
    ...(slots?.old === undefined ? [] : [{ name: `${slots.label}=${slots.old}`, status, nodes: old }]),
  ];
}

/** What is said of nodes that had not come to an end when the rollout did. */
const leftBehind: Partial<Record<NodeClass, string>> = {
  queued: 'it holds what it has: the rollout has ended',
  open: 'it was under way when the rollout ended, and finishes by itself',
};

function viewOf(node: RolloutNode, hasEnded: boolean): RolloutNodeView {
  const { failure } = node;
  const kind = classOf(node);
  const left = hasEnded ? leftBehind[kind] : undefined;
  const isSilent = kind === 'healthy' && node.liveness === 'silent';
  const fetching = node.phase === 'staging' && !hasEnded; // afterwards the last progress told says nothing any more
  return {
    name: node.name,
    phase: node.phase,
    health: healthOf(node.liveness === 'connected' ? node.health : 'unknown'),
    reason: failure?.reason ?? left ?? (isSilent ? 'it is silent: not heard of' : node.note),
    logTail: failure?.logTail ?? '',
    step: failure?.step ?? '',
    bytesDone: fetching ? node.bytesDone : 0,
    bytesTotal: fetching ? node.bytesTotal : 0,
    pastReturn: node.pastReturn ?? false,
  };
}
