/** The bytes from `from` up to, not including, `to`. */
export type Span = readonly [from: number, to: number];

/** A set of bytes: spans in order, none of them empty, with a gap between each two. */
export type Spans = readonly Span[];

/** The same set with one more span in it. */
export function addSpan(spans: Spans, [from, to]: Span): Spans {
  if (to <= from) return spans;
  const first = firstEndingAt(spans, from);
  let after = first;
  let [low, high] = [from, to];
  for (let span = spans[after]; span !== undefined && span[0] <= to; span = spans[after]) {
    low = Math.min(low, span[0]);
    high = Math.max(high, span[1]);
    after += 1;
  }
  return [...spans.slice(0, first), [low, high], ...spans.slice(after)];
}

/** Whether all of a span is in the set. */
export function holdsSpan(spans: Spans, [from, to]: Span): boolean {
  const span = spans[firstEndingAt(spans, to)];
  return span !== undefined && span[0] <= from;
}

/** How many bytes are in the set. */
export const spanBytes = (spans: Spans): number => spans.reduce((sum, [from, to]) => sum + to - from, 0);

/**
 * Reads what another program says a set is: undefined unless it is one, of at most `maxSpans` spans, within
 * `size` bytes.
 */
export function parseSpans(value: unknown, size: number, maxSpans: number): Spans | undefined {
  if (!Array.isArray(value) || value.length > maxSpans) return undefined;
  const spans: Span[] = [];
  let end = -1;
  for (const item of value as readonly unknown[]) {
    if (!Array.isArray(item) || item.length !== 2) return undefined;
    const [from, to] = item as readonly unknown[];
    if (!isOffset(from) || !isOffset(to) || from <= end || to <= from || to > size) return undefined;
    spans.push([from, to]);
    end = to;
  }
  return spans;
}

const isOffset = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

/** Index of the first span that ends at `offset` or later; how many there are if none does. */
function firstEndingAt(spans: Spans, offset: number): number {
  let [low, high] = [0, spans.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const end = spans[middle]?.[1] ?? 0;
    if (end < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
