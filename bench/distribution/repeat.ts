/** What is slow is measured less often: once so much time went into it, no further time. Milliseconds. */
const budgetMs = 60_000;

/** Does something `runs` times, or less often if it takes long, but once at least. */
export async function repeat(runs: number, work: () => Promise<void>): Promise<void> {
  const deadline = performance.now() + budgetMs;
  for (let done = 0; done < runs && (done === 0 || performance.now() < deadline); done += 1) await work();
}
