import type { Check } from './check.js';

/** Judged by when the service was started: it cannot have been well for longer. */
export const wellLongEnough = (): Check => {
  const startedAt = new Map<string, number>();
  return {
    name: 'a release counts as healthy only once it was well for as long as is asked for',
    started: ({ time }, { name }) => {
      startedAt.set(name, time.now);
      return undefined;
    },
    journalled: ({ time }, { name, host }, { work }) => {
      if (work?.direction !== 'forward') return undefined;
      const check = work.plan[work.at - 1];
      if (check?.action !== 'check' || host.service?.dir !== check.dir) return undefined;
      const ran = time.now - (startedAt.get(name) ?? -Infinity);
      return ran < check.minHealthyTimeMs
        ? `${name} went on after ${Math.floor(ran)} of ${check.minHealthyTimeMs} ms`
        : undefined;
    },
  };
};
