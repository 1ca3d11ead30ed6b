import { printable } from './printable.js';

/** Paths that are named in a sentence; there may be thousands. */
const named = 3;
/** Characters of a path that are shown within a sentence. */
const pathLength = 100;

/** A `Drift`, of the model or of the wire. */
interface DriftShown {
  readonly total: number;
  readonly paths: readonly { readonly path: string; readonly kind: string }[];
}

/** `4 files drifted: changed bin/web, mode of lib/x, added tmp/x and 1 more` */
export function driftText({ total, paths }: DriftShown): string {
  const shown = paths
    .slice(0, named)
    .map(({ path, kind }) => `${kind === 'mode' ? 'mode of' : kind} ${printable(path, pathLength)}`);
  const rest = total - shown.length;
  const which = [...(shown.length === 0 ? [] : [shown.join(', ')]), ...(rest > 0 ? [`${rest} more`] : [])];
  return `${total} ${total === 1 ? 'file' : 'files'} drifted: ${which.join(' and ')}`;
}
