import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { invariants } from './invariants.js';
import { play } from './run.js';
import { scenario } from './scenario.js';

const { values } = parseArgs({ options: { runs: { type: 'string' }, seed: { type: 'string' } } });
const runs = Number(values.runs ?? 10_000);
const seed = Number(values.seed ?? Date.now() % 2 ** 31);
if (!Number.isInteger(runs) || runs < 1 || !Number.isInteger(seed)) {
  process.stderr.write('usage: npm run sim -- [--runs N] [--seed S], both whole numbers\n');
  process.exit(2);
}

const started = process.hrtime.bigint();
let events = 0;
const counted = invariants.map((invariant, at) => ({
  ...invariant,
  step: (...args: Parameters<typeof invariant.step>) => {
    if (at === 0) events += 1;
    return invariant.step(...args);
  },
}));
const property = fc.property(scenario, (one) => {
  play(one, counted);
});
const result = fc.check(property, { seed, numRuns: runs });
const seconds = Number(process.hrtime.bigint() - started) / 1e9;
if (result.failed) {
  process.stdout.write(`${fc.defaultReportMessage(result) ?? ''}\n`);
  const { errorInstance } = result;
  process.stdout.write(
    `${errorInstance instanceof Error ? (errorInstance.stack ?? '') : String(errorInstance)}\n`,
  );
  process.stdout.write(`failed: run it again with npm run sim -- --runs ${runs} --seed ${seed}\n`);
  process.exit(1);
}
for (const { name } of invariants) process.stdout.write(`held  ${name}\n`);
process.stdout.write(
  `${runs} runs, ${events} events, seed ${seed}: every invariant held after every event; ${Math.round(runs / seconds)} runs/s\n`,
);
