import { type RolloutStatus, terminalRolloutStatuses } from '../../../shared/model/rollout.js';
import { oneLine } from '../terminal/table.js';
import type { RolloutJson } from '../views/rollout-json.js';
import { namesText, reasonsOf, rolloutTitle, sharedReason } from '../views/rollout-text.js';

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
  const told = reasonsOf(before?.waves.flatMap((wave) => wave.nodes) ?? []);
  for (const wave of after.waves) {
    if ((waves.get(wave.name) ?? 'pending') !== wave.status) {
      lines.push(`wave ${wave.name}: ${wave.status}`);
      // For whoever is to open the gate: how those that have it fare just now.
      if (wave.status === 'gated')
        lines.push(...(after.comparison?.differences ?? []).map((worse) => `  ${worse}`));
    }
    const changed = wave.nodes.filter((node) => {
      const was = nodes.get(node.name);
      // What it waits for is told once: the time until it tries again changes with every try.
      const complains = was?.reason === undefined && node.reason !== undefined && !hasEnded;
      return (was?.phase ?? 'pending') !== node.phase || complains;
    });
    const news = changed.map((node) => {
      const isKnown = nodes.get(node.name)?.reason === node.reason;
      return { ...node, said: isKnown ? '' : sharedReason(node, told) };
    });
    lines.push(...nodeLines(news));
  }
  return lines.map((line) => (line.startsWith('  ') ? `  ${oneLine(line.trim())}` : oneLine(line)));
}

/** Nodes that say the same at once are on one line; what another one has said before is not said again. */
function nodeLines(
  news: readonly { readonly name: string; readonly phase: string; readonly said: string }[],
): readonly string[] {
  const lines: { readonly names: string[]; readonly text: string }[] = [];
  for (const { name, phase, said } of news) {
    const text = said === '' ? phase : `${phase} (${said})`;
    const same = said === '' ? undefined : lines.find((line) => line.text === text);
    if (same === undefined) lines.push({ names: [name], text });
    else same.names.push(name);
  }
  return lines.map(({ names, text }) => `  ${namesText(names)}: ${text}`);
}

function statusLine({ id, status, cause, staged, total, reason, waitingFor }: RolloutJson): string {
  const progress =
    cause === 'stage' && status === 'staging' ? `staged on ${staged} of ${total} nodes` : undefined;
  const why = [progress, reason, waitingFor === undefined ? undefined : `waits for ${waitingFor}`].filter(
    (part) => part !== undefined,
  );
  return `rollout ${id}: ${status}${why.length === 0 ? '' : `: ${why.join('; ')}`}`;
}
