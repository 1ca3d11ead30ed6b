import { setTimeout as delay } from 'node:timers/promises';
import { median } from './figures.js';
import { anonymousBytes, childrenOfCpuMs, cpuMs, rssBytes } from './proc.js';

/** What a process takes over some time. */
export interface Usage {
  /** Median of samples. Bytes. */
  readonly rss: number;
  /** Median of samples. Bytes. */
  readonly anonymous: number;
  /** Children that have ended count. */
  readonly corePercent: number;
}

/** Samples memory once a second. */
export async function watchUsage(pid: number, seconds: number): Promise<Usage> {
  const [rss, anonymous]: [number[], number[]] = [[], []];
  const share = coreShare(pid);
  for (let second = 0; second < seconds; second += 1) {
    await delay(1000);
    rss.push(rssBytes(pid));
    anonymous.push(anonymousBytes(pid));
  }
  return { rss: median(rss), anonymous: median(anonymous), corePercent: share() };
}

/** Begins to count; what it returns says how much of a core was used since then, with children that have ended. Percent. */
export function coreShare(pid: number): () => number {
  const used = (): number => cpuMs(pid) + childrenOfCpuMs(pid);
  const [before, begin] = [used(), performance.now()];
  return () => (100 * (used() - before)) / (performance.now() - begin);
}
