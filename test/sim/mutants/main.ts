import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { type Mutant, mutants } from './list.js';

// Breaks Capstan in one place after the other, and looks whether the simulator finds each: an invariant that finds
// nothing is worth nothing.

const root = fileURLToPath(new URL('../../../', import.meta.url));
const { values } = parseArgs({
  options: {
    runs: { type: 'string' },
    seed: { type: 'string' },
    only: { type: 'string' },
    jobs: { type: 'string' },
  },
});
const runs = values.runs ?? '2000';
const seed = values.seed ?? '1';
/** So many mutants at once. */
const jobs = Number(values.jobs ?? availableParallelism());

/** The simulator as one file, with the mutant in it. Sources stay as they are. */
async function bundle({ file, find, put }: Mutant, outfile: string): Promise<void> {
  const path = join(root, file);
  const source = await readFile(path, 'utf8');
  if (source.split(find).length !== 2) throw new Error(`${file} does not hold this exactly once: ${find}`);
  await build({
    absWorkingDir: root,
    entryPoints: ['test/sim/main.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    logLevel: 'error',
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    plugins: [
      {
        name: 'mutant',
        setup: (mutated) => {
          mutated.onLoad({ filter: /\.ts$/ }, (args) =>
            args.path === path ? { contents: source.replace(find, () => put), loader: 'ts' } : undefined,
          );
        },
      },
    ],
  });
}

/** What a stage says of it; undefined: nothing was found. */
function look(file: string, stage: 'engine' | 'site'): Promise<string | undefined> {
  const args = [file, '--stage', stage, '--runs', runs, '--seed', seed, '--jobs', '1', '--first'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], timeout: 900_000 });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-20_000);
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code === 0) resolve(undefined);
      else if (code === 1)
        resolve(/failed after (\d+) (runs|sites)/.exec(said)?.[0] ?? 'it ended with an error');
      else reject(new Error(`the simulator ended with ${String(code ?? signal)}`));
    });
  });
}

async function judge(mutant: Mutant, file: string): Promise<boolean> {
  // The engine by itself knows nothing of the rest.
  const stages = mutant.file.startsWith('coordinator/core/rollout/')
    ? (['engine', 'site'] as const)
    : (['site'] as const);
  for (const stage of stages) {
    const found = await look(file, stage);
    if (found === undefined) continue;
    process.stdout.write(`found     ${mutant.name}: ${found}\n`);
    return true;
  }
  process.stdout.write(`NOT FOUND ${mutant.name}: ${runs} seeds\n`);
  return false;
}

const chosen = mutants.filter(({ name }) => name.includes(values.only ?? ''));
const folder = await mkdtemp(join(tmpdir(), 'capstan-mutants-'));
let found = 0;
try {
  const files = chosen.map((_mutant, at) => join(folder, `${at}.mjs`));
  // All of them first: sources may change while the simulator runs.
  for (const [at, mutant] of chosen.entries()) await bundle(mutant, files[at] ?? '');
  const left = chosen.entries();
  const judgeThoseLeft = async (): Promise<void> => {
    for (const [at, mutant] of left) if (await judge(mutant, files[at] ?? '')) found += 1;
  };
  await Promise.all(Array.from({ length: jobs }, judgeThoseLeft));
} finally {
  await rm(folder, { recursive: true });
}
process.stdout.write(`${found} of ${chosen.length} found within ${runs} seeds from ${seed} on\n`);
process.exitCode = found === chosen.length ? 0 : 1;
