import type { Draft } from './draft.js';
import { plural, versionOf } from './explain/sentences.js';
import { finish } from './finish.js';
import type { WaveCounts } from './rollout-index.js';

/** Why the release cannot count as proven though every wave has passed, if it cannot. */
export function unproven(draft: Draft): string | undefined {
  const { header } = draft;
  const total = sumOf(draft, 'size');
  const version = versionOf(header, 'to');
  if (total > 0 && sumOf(draft, 'healthy') === 0) {
    const nodes = plural(total, 'node');
    if (sumOf(draft, 'failed') > 0) return `none of the ${nodes} runs ${version}, so it is not proven`;
    const away = sumOf(draft, 'lost') + sumOf(draft, 'skipped');
    if (away > 0) return `none of the ${nodes} could be reached, so ${version} is not proven`;
  }
  if (header.database?.done === false)
    return `no node has run the database step of ${version}, so it is not proven`;
  return undefined;
}

/** All waves have passed. */
export function succeed(draft: Draft): void {
  const trouble = unproven(draft);
  if (trouble !== undefined) {
    finish(draft, 'failed', trouble);
    return;
  }
  const others = (['failed', 'lost', 'skipped', 'excused'] as const)
    .map((kind) => [kind, sumOf(draft, kind)] as const)
    .filter(([, count]) => count > 0)
    .map(([kind, count]) => `${count} ${kind === 'skipped' ? 'skipped (offline)' : kind}`);
  const unheard = sumOf(draft, 'unheard');
  if (unheard > 0) others.push(`${unheard} not heard of`);
  const rest = others.length === 0 ? '' : `; ${others.join(', ')}`;
  const [healthy, total] = [sumOf(draft, 'healthy') - unheard, plural(sumOf(draft, 'size'), 'node')];
  finish(draft, 'succeeded', `${healthy} of ${total} run ${versionOf(draft.header, 'to')}${rest}`, true);
}

const sumOf = ({ index }: Draft, kind: keyof WaveCounts): number =>
  index.waves.reduce((total, wave) => total + wave[kind], 0);
