const unitMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Parses `250ms`, `10s`, `5m`, `1h30m`, `1d` to milliseconds; undefined if it is none of these. */
export function parseDuration(text: string): number | undefined {
  if (!/^(?:\d+(?:ms|s|m|h|d))+$/.test(text)) return undefined;
  let total = 0;
  for (const [, digits, unit] of text.matchAll(/(\d+)(ms|s|m|h|d)/g)) {
    total += Number(digits) * unitMs[unit as keyof typeof unitMs];
  }
  return Number.isSafeInteger(total) ? total : undefined;
}

/** `90000` → `1m30s`; below a second `250ms`. At most the two largest units that are not zero. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)}ms`;
  return partsOf(Math.round(ms / 1000) * 1000)
    .slice(0, 2)
    .join('');
}

/** All of a duration in whole milliseconds, as `parseDuration` reads it: `1499` → `1s499ms`. For what is compared. */
export function exactDuration(ms: number): string {
  return ms === 0 ? '0ms' : partsOf(ms).join('');
}

/** One for each unit that is not zero, the largest first. */
function partsOf(ms: number): readonly string[] {
  const parts: string[] = [];
  let rest = ms;
  for (const unit of ['d', 'h', 'm', 's', 'ms'] as const) {
    const count = Math.floor(rest / unitMs[unit]);
    rest -= count * unitMs[unit];
    if (count > 0) parts.push(`${count}${unit}`);
  }
  return parts;
}
