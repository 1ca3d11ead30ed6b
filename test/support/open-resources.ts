import { eventually } from './eventually.js';

/** How many of each kind of timer, socket, file and child process keep this process alive. */
function openResources(): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}

let before: ReadonlyMap<string, number> = new Map();

/** Remembers what is open before a file's tests. */
export function noteOpenResources(): void {
  before = openResources();
}

/**
 * Waits until nothing that the tests opened is open any more.
 * @throws Error naming what a test left behind, 5 s after the last test
 */
export async function expectOpenResourcesClosed(): Promise<void> {
  await eventually(
    () => {
      const left = [...openResources()].filter(([kind, count]) => count > (before.get(kind) ?? 0));
      if (left.length > 0) throw new Error(left.map(([kind, count]) => `${count} × ${kind}`).join(', '));
      return true;
    },
    { timeoutMs: 5_000, what: 'everything that the tests opened to be closed' },
  );
}
