/**
 * Decorrelated jitter: the next delay lies between `baseMs` and three times the previous one, never above `capMs`.
 * @param random a number in [0, 1), drawn by the caller
 */
export function nextDelay(
  previousMs: number,
  random: number,
  { baseMs, capMs }: { readonly baseMs: number; readonly capMs: number },
): number {
  const upper = Math.max(baseMs, previousMs * 3);
  return Math.min(capMs, Math.round(baseMs + random * (upper - baseMs)));
}
