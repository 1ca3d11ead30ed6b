import type { NodeName } from '../../../shared/model/ids.js';
import { valuesOf } from '../collections/hash-map.js';
import { valuesInOrder } from '../collections/int-map.js';
import { budgetOf, formatAmount } from './amounts.js';
import { databaseBreach, forwardGate } from './database.js';
import { type Draft, nodeOf } from './draft.js';
import { failureSentence, listed, plural, turnSentence } from './explain/sentences.js';
import { classOf, isUnavailable } from './roles.js';
import type { RolloutNode } from './types/node.js';
import type { RolloutState } from './types/rollout.js';

interface Breach {
  readonly wave: number;
  /** One sentence. */
  readonly reason: string;
}

/**
 * The wave whose budget is spent, if any. Budgets are a wave's own, and a wave that has passed is not judged
 * again (nomad#10881: one late failure undid 76 successes).
 */
export function findBreach(draft: Draft): Breach | undefined {
  const { header, shaken } = draft;
  const first = databaseBreach(draft);
  if (first !== undefined) return first;
  for (const wave of [header.currentWave, ...shaken]) {
    const reason = breachOf(draft, wave);
    if (reason !== undefined) return { wave, reason };
  }
  return undefined;
}

function breachOf(draft: Draft, at: number): string | undefined {
  const { header, index } = draft;
  const wave = header.waves[at];
  const counts = index.waves[at];
  if (wave === undefined || counts === undefined || wave.status === 'passed') return undefined;
  const { failed, lost } = header.strategy.budget;
  if (counts.failed > (wave.canary ? 0 : budgetOf(failed, counts.size))) {
    const nodes = failedOf(draft, at);
    const first = nodes[0] === undefined ? plural(counts.failed, 'node') : failureSentence(nodes[0]);
    const rest = counts.failed > 1 ? ` (and ${counts.failed - 1} more failed)` : '';
    const rule =
      wave.canary || counts.failed === 1 ? '' : `; the budget is ${formatAmount(failed)} of ${counts.size}`;
    return `wave "${wave.name}" failed: ${first}${rest}${rule}`;
  }
  if (at === header.currentWave && counts.lost > budgetOf(lost, counts.size)) {
    return `wave "${wave.name}" failed: ${plural(counts.lost, 'node')} of ${counts.size} lost; the budget is ${formatAmount(lost)}`;
  }
  return undefined;
}

/** A canary wave of which nobody could be asked proves nothing. */
export function emptyProof(draft: Draft): Breach | undefined {
  const { header, index } = draft;
  const at = header.currentWave;
  const wave = header.waves[at];
  const counts = index.waves[at];
  if (wave?.canary !== true || counts === undefined || counts.healthy > 0) return undefined;
  if (header.staging || (wave.status !== 'pending' && wave.status !== 'running')) return undefined;
  if (counts.queued + counts.open > 0 || counts.lost + counts.skipped === 0) return undefined;
  return {
    wave: at,
    reason: `wave "${wave.name}" failed: none of its ${plural(counts.size, 'canary node')} could be reached`,
  };
}

/** The failed nodes of a wave, at most three. */
export function failedOf(draft: Pick<RolloutState, 'index' | 'nodes'>, wave: number): readonly RolloutNode[] {
  const found: RolloutNode[] = [];
  for (const name of valuesInOrder(draft.index.failed)) {
    const node = nodeOf(draft, name);
    if (node === undefined || node.wave > wave) break;
    if (node.wave === wave && classOf(node) === 'failed') found.push(node);
    if (found.length === 3) break;
  }
  return found;
}

/** At most three nodes of a wave with an activation under way, in the order of the plan. */
export function underWay(
  { index, nodes }: Pick<RolloutState, 'index' | 'nodes'>,
  wave: number,
): readonly NodeName[] {
  const found: NodeName[] = [];
  for (const name of valuesInOrder(index.open)) {
    if (nodeOf({ nodes }, name)?.wave === wave) found.push(name);
    if (found.length === 3) break;
  }
  return found;
}

/**
 * At most three of the nodes that count as out of service: those being changed first, then those that do not serve for
 * reasons of their own. Looks through all nodes, so it is for people who ask (coreos/airlock#81), not for decisions.
 */
export function outOfService({ index, nodes }: Pick<RolloutState, 'index' | 'nodes'>): readonly NodeName[] {
  const found: NodeName[] = [];
  for (const name of valuesInOrder(index.open)) {
    found.push(name);
    if (found.length === 3) return found;
  }
  const ill = [...valuesOf(nodes)].filter((node) => !node.open && isUnavailable(node));
  ill.sort((a, b) => a.ordinal - b.ordinal);
  return [...found, ...ill.slice(0, 3 - found.length).map(({ name }) => name)];
}

/** Who holds the rollout up when nothing has settled for too long (coreos/airlock#81: say who holds the slot). */
export function holders(draft: Pick<RolloutState, 'header' | 'index' | 'nodes'>): string {
  const { open, fetching, absent } = draft.index;
  const some = (names: Iterable<RolloutNode['name']>): RolloutNode['name'][] => {
    const taken: RolloutNode['name'][] = [];
    for (const name of names) {
      taken.push(name);
      if (taken.length === 3) break;
    }
    return taken;
  };
  const parts: string[] = [];
  if (open.size > 0) {
    const words = some(valuesInOrder(open)).map(
      (name) => `${name} (${nodeOf(draft, name)?.phase ?? 'open'})`,
    );
    parts.push(`under way: ${listed(words, open.size)}`);
  }
  if (fetching.size > 0) parts.push(`fetching: ${listed(some(valuesInOrder(fetching)), fetching.size)}`);
  if (absent.size > 0) parts.push(`not connected: ${listed(some(valuesInOrder(absent)), absent.size)}`);
  const gate = forwardGate(draft);
  if (typeof gate === 'object' && classOf(gate) !== 'open')
    parts.push(`the database step of ${gate.name} comes first`);
  if (draft.header.awaitsTurn) parts.push(turnSentence);
  return parts.length === 0 ? 'nothing may be started' : parts.join('; ');
}
