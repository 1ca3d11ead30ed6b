import { ftruncateSync, openSync, writeSync } from 'node:fs';
import fc from 'fast-check';
import { brokenTargets } from './broken.js';
import type { FuzzJob, FuzzResult, Target } from './target.js';
import { targets } from './targets.js';

/** Of the processor, for one input; what takes longer than that is as good as a hang to whoever waits. Milliseconds. */
const inputLimitMs = 2000;
/** From each seed so many: what can be brought back by it is found again quickly. */
const runsEach = 300;

const processorMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

async function fuzz(target: Target, { seed, seconds, currentFile }: FuzzJob): Promise<FuzzResult> {
  const current = openSync(currentFile, 'w');
  const end = performance.now() + seconds * 1000;
  const count = { inputs: 0, taken: 0, slowestMs: 0 };
  const property = fc.asyncProperty(target.inputs, async (input) => {
    ftruncateSync(current);
    writeSync(current, input, 0, input.length, 0);
    const begun = processorMs();
    const taken = await target.read(input);
    const tookMs = processorMs() - begun;
    count.inputs += 1;
    if (taken) count.taken += 1;
    count.slowestMs = Math.max(count.slowestMs, tookMs);
    if (tookMs > inputLimitMs) throw new Error(`it took ${Math.round(tookMs)} ms for ${input.length} bytes`);
  });
  for (let round = 0; performance.now() < end; round += 1) {
    const found = await fc.check(property, {
      seed: seed + round,
      numRuns: runsEach,
      plugins: [fc.interruptAfterTimeLimit(Math.max(1, end - performance.now()))],
    });
    if (!found.failed) continue;
    // Also when time was up while it was made smaller.
    const example = found.counterexample as readonly [Buffer] | null; // the plugin loses its type
    if (example === null) continue;
    const error = found.errorInstance;
    const problem = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { kind: 'found', seed: seed + round, problem, input: example[0].toString('base64') };
  }
  return { kind: 'held', ...count, slowestMs: Math.round(count.slowestMs) };
}

const job = JSON.parse(process.argv[2] ?? '') as FuzzJob;
const target = [...targets, ...brokenTargets].find(({ name }) => name === job.target);
if (target === undefined) throw new Error(`there is no target ${job.target}`);
process.stdout.write(`${JSON.stringify(await fuzz(target, job))}\n`);
