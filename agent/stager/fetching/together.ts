/**
 * Runs work side by side and waits for all of it: the first that fails stops the others, and is what is thrown.
 */
export async function together<T>(
  outer: AbortSignal,
  work: readonly ((signal: AbortSignal) => Promise<T>)[],
): Promise<T[]> {
  const stop = new AbortController();
  const signal = AbortSignal.any([outer, stop.signal]);
  const failures: unknown[] = [];
  const results: T[] = [];
  await Promise.all(
    work.map(async (run) => {
      try {
        results.push(await run(signal));
      } catch (error) {
        failures.push(error);
        stop.abort();
      }
    }),
  );
  if (failures.length > 0) throw failures[0];
  return results;
}
