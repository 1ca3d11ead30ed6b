import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { endRun } from '../support/cleanup.js';
import { tempDir } from '../support/temp-dir.js';
import type { FuzzResult } from './target.js';
import { targets } from './targets.js';
import { watched } from './watched.js';

const usage = `usage: npm run fuzz -- [--seconds N] [--seed S] [--only NAME]

  --seconds N  how long each reader is tried (60)
  --seed S     the first seed (another one each time)
  --only NAME  one of: ${targets.map(({ name }) => name).join(', ')}

What is found is printed with its seed, and kept in fuzz-findings/.
`;

function fail(): never {
  process.stderr.write(usage);
  process.exit(2);
}

function readOptions() {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({ options: { seconds: text, seed: text, only: text } }).values;
  } catch {
    return fail();
  }
}

const { only, ...numbers } = readOptions();
const seconds = Number(numbers.seconds ?? 60);
const seed = Number(numbers.seed ?? Date.now() % 2 ** 30);
if (!(seconds > 0) || !Number.isSafeInteger(seed)) fail();
const chosen = targets.map(({ name }) => name).filter((name) => only === undefined || name === only);
if (chosen.length === 0) fail();

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/** @returns whether nothing was found */
async function told(name: string, result: FuzzResult): Promise<boolean> {
  if (result.kind === 'held') {
    const { inputs, taken, slowestMs } = result;
    const share = Math.round((100 * taken) / Math.max(1, inputs));
    say(`held   ${name}: ${inputs} inputs, ${share}% taken, the slowest in ${slowestMs} ms`);
    return inputs > 0;
  }
  const input = Buffer.from(result.input, 'base64');
  const file = join('fuzz-findings', `${name}-${result.seed}`);
  await mkdir('fuzz-findings', { recursive: true });
  await writeFile(file, input);
  say(`FOUND  ${name}: ${result.problem}`);
  say(`       ${input.length} bytes in ${file}: ${JSON.stringify(input.toString('latin1').slice(0, 300))}`);
  say(`       again: npm run fuzz -- --only ${name} --seed ${result.seed}`);
  return false;
}

const dir = await tempDir();
const queue = [...chosen];
const held: boolean[] = [];
const work = async (): Promise<void> => {
  for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
    const result = await watched({ target: name, seed, seconds, currentFile: join(dir, name) });
    held.push(await told(name, result));
  }
};
say(`each for ${seconds} s from seed ${seed} on`);
await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, work));
await endRun();
process.exit(held.every(Boolean) ? 0 : 1);
