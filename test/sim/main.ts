import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { tryEngine } from './engine-stage.js';
import { trySites } from './system/stage.js';

const usage = `usage: npm run sim -- [--runs N] [--seed S] [--stage engine|site] [--first] [--jobs J] [--keep NAME]

  --runs N    how many seeds are played, from the first one on (10000)
  --seed S    the first seed (another one each time)
  --stage     only the engine by itself, or only whole sites
  --first     end with what is found first, without looking for something smaller
  --jobs J    processes that share the sites (as many as there are processors)
  --keep NAME if something is found, its scenario becomes regressions/NAME.json, below test/sim/system if it is of a site
`;

function fail(): never {
  process.stderr.write(usage);
  process.exit(2);
}

const text = { type: 'string' } as const;
const options = {
  runs: text,
  seed: text,
  stage: text,
  keep: text,
  jobs: text,
  first: { type: 'boolean' },
} as const;

function readArgs(): ReturnType<typeof parseArgs<{ options: typeof options }>>['values'] {
  try {
    return parseArgs({ options }).values;
  } catch {
    return fail();
  }
}

const { stage, keep, first = false, ...numbers } = readArgs();
const runs = Number(numbers.runs ?? 10_000);
const seed = Number(numbers.seed ?? Date.now() % 2 ** 30);
if (!Number.isSafeInteger(runs) || runs < 1 || !Number.isSafeInteger(seed)) fail();
const jobs = Number(numbers.jobs ?? availableParallelism());
if (!Number.isSafeInteger(jobs) || jobs < 1) fail();
if (stage !== undefined && stage !== 'engine' && stage !== 'site') fail();
if (keep !== undefined && !/^[a-z0-9-]{1,80}$/.test(keep)) fail();

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
const look = { seed, runs, first, keep, say };
const held =
  (stage === 'site' || (await tryEngine(look))) &&
  (stage === 'engine' || (await trySites({ ...look, jobs })));
// Not at once: what was said last may still be on its way into a pipe.
process.exitCode = held ? 0 : 1;
