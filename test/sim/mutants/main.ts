import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build, type Plugin } from 'esbuild';
import { type Mutant, mutants } from './list.js';
import { type Stage, tryMutants } from './tries.js';

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

/** The simulator as one file, with the mutant in it. Sources stay as they are. */
async function bundle(mutant: Mutant | undefined, outfile: string): Promise<void> {
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
    plugins: mutant === undefined ? [] : [await pluginFor(mutant)],
  });
}

async function pluginFor({ file, find, put }: Mutant): Promise<Plugin> {
  const path = join(root, file);
  const source = await readFile(path, 'utf8');
  if (source.split(find).length !== 2) throw new Error(`${file} does not hold this exactly once: ${find}`);
  return {
    name: 'mutant',
    setup: (mutated) => {
      mutated.onLoad({ filter: /\.ts$/ }, (args) =>
        args.path === path ? { contents: source.replace(find, () => put), loader: 'ts' } : undefined,
      );
    },
  };
}

/** What a stage says of it; undefined: nothing was found. */
function look(file: string, stage: Stage): Promise<string | undefined> {
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

const chosen = mutants.filter(({ name }) => name.includes(values.only ?? ''));
const folder = await mkdtemp(join(tmpdir(), 'capstan-mutants-'));
try {
  const files = new Map([undefined, ...chosen].map((mutant, at) => [mutant, join(folder, `${at}.mjs`)]));
  // All of them first: sources may change while the simulator runs.
  for (const [mutant, file] of files) await bundle(mutant, file);
  const held = await tryMutants({
    mutants: chosen,
    look: (mutant, stage) => look(files.get(mutant) ?? '', stage),
    jobs: Number(values.jobs ?? availableParallelism()),
    say: (line) => process.stdout.write(`${line}\n`),
  });
  process.stdout.write(`of ${runs} seeds from ${seed} on\n`);
  process.exitCode = held ? 0 : 1;
} finally {
  await rm(folder, { recursive: true });
}
