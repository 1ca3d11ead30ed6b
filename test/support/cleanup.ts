type Undo = () => void | Promise<void>;

/**
 * What a test made and the root hooks undo, newest first: at the end of the test if it was made in the test or
 * its `beforeEach`, at the end of the run if it was made in a suite's `before`.
 */
const scopes: { run: Undo[]; test: Undo[] | undefined } = { run: [], test: undefined };

/** Registers work to be undone when the test (or, outside a test, the run) is over. */
export function cleanUp(undo: Undo): void {
  (scopes.test ?? scopes.run).push(undo);
}

export function beginTest(): void {
  scopes.test = [];
}

export async function endTest(): Promise<void> {
  const undos = scopes.test ?? [];
  scopes.test = undefined;
  await undoAll(undos);
}

export async function endRun(): Promise<void> {
  const undos = scopes.run;
  scopes.run = [];
  await undoAll(undos);
}

async function undoAll(undos: readonly Undo[]): Promise<void> {
  const errors: unknown[] = [];
  for (const undo of undos.toReversed()) {
    try {
      await undo();
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0)
    throw new AggregateError(errors, `cleaning up after the test: ${errors.map(String).join('; ')}`);
}
