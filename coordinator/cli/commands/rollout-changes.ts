import { type RolloutStatus, terminalRolloutStatuses } from '../../../shared/model/rollout.js';
import { oneLine } from '../terminal/table.js';
import type { RolloutJson } from '../views/rollout-json.js';
import { nodeReason, rolloutTitle } from '../views/rollout-text.js';

/** What changed between two states of a rollout, a line each: for logs and pipes, where nothing can be redrawn. */
export function rolloutChanges(before: RolloutJson | undefined, after: RolloutJson): readonly string[] {
  const lines: string[] = [];
  if (before === undefined) lines.push(`rollout ${after.id}: ${rolloutTitle(after)}`);
  const status = statusLine(after);
  if (before === undefined || statusLine(before) !== status) lines.push(status);
  const waves = new Map(before?.waves.map((wave) => [wave.name, wave.status]));
  // Of every node that had not come to an end it is said then; `rollout show` lists them.
  const hasEnded = terminalRolloutStatuses.has(after.status as RolloutStatus);
  const nodes = new Map(before?.waves.flatMap((wave) => wave.nodes).map((node) => [node.name, node]));
  for (const wave of after.waves) {
    if ((waves.get(wave.name) ?? 'pending') !== wave.status) {
      lines.push(`wave ${wave.name}: ${wave.status}`);
      // For whoever is to open the gate: how those that have it fare just now.
      if (wave.status === 'gated')
        lines.push(...(after.comparison?.differences ?? []).map((worse) => `  ${worse}`));
    }
    for (const node of wave.nodes) {
      const was = nodes.get(node.name);
      // What it waits for is told once: the time until it tries again changes with every try.
      const complains = was?.reason === undefined && node.reason !== undefined && !hasEnded;
      if ((was?.phase ?? 'pending') === node.phase && !complains) continue;
      const reason = node.reason === undefined ? '' : ` (${nodeReason(node)})`;
      lines.push(`  ${node.name}: ${node.phase}${reason}`);
    }
  }
  return lines.map((line) => (line.startsWith('  ') ? `  ${oneLine(line.trim())}` : oneLine(line)));
}

function statusLine({ id, status, cause, staged, total, reason, waitingFor }: RolloutJson): string {
  const progress =
    cause === 'stage' && status === 'staging' ? `staged on ${staged} of ${total} nodes` : undefined;
  const why = [progress, reason, waitingFor === undefined ? undefined : `waits for ${waitingFor}`].filter(
    (part) => part !== undefined,
  );
  return `rollout ${id}: ${status}${why.length === 0 ? '' : `: ${why.join('; ')}`}`;
}
