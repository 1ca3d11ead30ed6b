import { configureGlobal } from 'fast-check';
import { beginTest, endRun, endTest } from './cleanup.js';
import { expectOpenResourcesClosed, noteOpenResources } from './open-resources.js';

/**
 * Loaded by mocha before the tests: what tests leave behind (folders, processes) is taken away after them, and what
 * they left open fails the run. With parallel workers the "run" is one file's.
 */
export const mochaHooks = {
  async beforeAll(): Promise<void> {
    await Promise.resolve(); // as in `afterAll`, mocha's timer for the hook is open when they are counted
    noteOpenResources();
    const seed = process.env['CAPSTAN_TEST_SEED'];
    if (seed !== undefined) configureGlobal({ seed: Number(seed) });
  },
  beforeEach(): void {
    beginTest();
  },
  async afterEach(): Promise<void> {
    await endTest();
  },
  async afterAll(): Promise<void> {
    await endRun();
    await expectOpenResourcesClosed();
  },
};
