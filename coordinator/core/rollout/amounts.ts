import type { Amount } from '../../../shared/model/application.js';

/** How many of `base` may break at once: percentages round down, but at least 1, so that something moves. */
export function atMost(amount: Amount, base: number): number {
  return Math.max(1, amount.kind === 'count' ? amount.count : Math.floor((base * amount.percent) / 100));
}

/** How many of `base` must hold: percentages round up, never more than there are. */
export function atLeast(amount: Amount, base: number): number {
  const wanted = amount.kind === 'count' ? amount.count : Math.ceil((base * amount.percent) / 100);
  return Math.min(base, Math.max(base === 0 ? 0 : 1, wanted));
}

/** How many of `base` may fail: percentages round down, and 0 means not one. */
export function budgetOf(amount: Amount, base: number): number {
  return amount.kind === 'count' ? amount.count : Math.floor((base * amount.percent) / 100);
}

export function formatAmount(amount: Amount): string {
  return amount.kind === 'count' ? String(amount.count) : `${amount.percent}%`;
}
