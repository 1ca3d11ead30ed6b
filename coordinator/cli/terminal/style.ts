import type { Host, Out } from '../host.js';

export type Tone = 'good' | 'bad' | 'busy' | 'quiet' | 'strong';

/** Colours a text, or leaves it as it is. */
export type Paint = (tone: Tone, text: string) => string;

const codes: Readonly<Record<Tone, readonly [number, number]>> = {
  good: [32, 39],
  bad: [31, 39],
  busy: [33, 39],
  quiet: [2, 22],
  strong: [1, 22],
};

/** Colour only on a terminal, and never with NO_COLOR (https://no-color.org: any value but the empty one). */
export function paintFor(out: Out, { env }: Host): Paint {
  const wanted = out.isTerminal && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';
  if (!wanted) return (_, text) => text;
  return (tone, text) => `\u001b[${codes[tone][0]}m${text}\u001b[${codes[tone][1]}m`;
}

const toneOf: Readonly<Record<string, Tone>> = {
  succeeded: 'good',
  healthy: 'good',
  passed: 'good',
  connected: 'good',
  created: 'good',
  failed: 'bad',
  unhealthy: 'bad',
  turnedBack: 'bad',
  inconsistent: 'bad',
  lost: 'bad',
  rolledBack: 'bad',
  aborted: 'bad',
  superseded: 'quiet',
  removed: 'bad',
  pending: 'quiet',
  unknown: 'quiet',
  skipped: 'quiet',
  excused: 'quiet',
  unchanged: 'quiet',
  idle: 'quiet',
  ended: 'quiet',
};

/** The colour of a status word; what is under way is yellow. */
export const statusTone = (status: string): Tone => toneOf[status] ?? 'busy';

/** A status word in its colour, for a table. */
export const statusCell = (status: string): { readonly text: string; readonly tone: Tone } => ({
  text: status,
  tone: statusTone(status),
});
