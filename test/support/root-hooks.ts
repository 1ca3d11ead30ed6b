import { beginTest, endRun, endTest } from './cleanup.js';

/** Loaded by mocha before the tests: what tests leave behind (folders, processes) is taken away after them. */
export const mochaHooks = {
  beforeEach(): void {
    beginTest();
  },
  async afterEach(): Promise<void> {
    await endTest();
  },
  async afterAll(): Promise<void> {
    await endRun();
  },
};
