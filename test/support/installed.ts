import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Whether a program can be run with these arguments. */
export async function runs(program: string, ...args: readonly string[]): Promise<boolean> {
  try {
    await promisify(execFile)(program, [...args], { timeout: 30_000 });
    return true;
  } catch {
    return false;
  }
}

/**
 * Skips the tests of a suite, and says so where nobody overlooks it: what was not tried is not known to work.
 * @param reason what is missing, and how to get it
 */
export function skipLoudly(context: Mocha.Context, reason: string): never {
  const suite = context.test?.parent?.fullTitle() ?? 'these tests';
  process.stderr.write(`\n!!! SKIPPED: ${suite}: ${reason}\n\n`);
  return context.skip();
}
