import { parseArgs } from 'node:util';
import { tryEngine } from './engine-stage.js';
import { trySites } from './system/stage.js';

const usage = `usage: npm run sim -- [--runs N] [--seed S] [--stage engine|site] [--keep NAME]

  --runs N    how many seeds are played, from the first one on (10000)
  --seed S    the first seed (another one each time)
  --stage     only the engine by itself, or only whole sites
  --keep NAME if something is found on a site, its scenario becomes test/sim/system/regressions/NAME.json
`;

function fail(): never {
  process.stderr.write(usage);
  process.exit(2);
}

function readArgs(): Readonly<Record<'runs' | 'seed' | 'stage' | 'keep', string | undefined>> {
  const text = { type: 'string' } as const;
  try {
    const { runs, seed, stage, keep } = parseArgs({
      options: { runs: text, seed: text, stage: text, keep: text },
    }).values;
    return { runs, seed, stage, keep };
  } catch {
    return fail();
  }
}

const { stage, keep, ...numbers } = readArgs();
const runs = Number(numbers.runs ?? 10_000);
const seed = Number(numbers.seed ?? Date.now() % 2 ** 30);
if (!Number.isSafeInteger(runs) || runs < 1 || !Number.isSafeInteger(seed)) fail();
if (stage !== undefined && stage !== 'engine' && stage !== 'site') fail();
if (keep !== undefined && !/^[a-z0-9-]{1,80}$/.test(keep)) fail();

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
const held =
  (stage === 'site' || tryEngine(seed, runs, say)) &&
  (stage === 'engine' || (await trySites({ seed, runs, keep, say })));
process.exit(held ? 0 : 1);
