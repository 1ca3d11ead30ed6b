import { writeFile } from 'node:fs/promises';
import type { Look } from '../engine-stage.js';
import { type Found, tryOne } from './find.js';
import { play, promises } from './play.js';

export interface SiteLook extends Look {
  /** What is found is kept under this name. */
  readonly keep: string | undefined;
}

/** Where scenarios are kept that once went wrong. */
export const regressions = new URL('./regressions/', import.meta.url);

/** @returns false if something was wrong, which is then shown as small as it could be made */
export async function trySites({ seed, runs, first, keep, say }: SiteLook): Promise<boolean> {
  const started = performance.now();
  for (let at = 0; at < runs; at++) {
    const found = await tryOne(seed + at, first);
    if (found === undefined) continue;
    await show(found, say);
    if (keep !== undefined) await keepAs(keep, found, say);
    say(`failed after ${at + 1} sites: npm run sim -- --stage site --runs 1 --seed ${found.seed}`);
    return false;
  }
  const seconds = (performance.now() - started) / 1000;
  for (const name of promises) say(`held  ${name}`);
  say(
    `sites: ${runs} seeds from ${seed} on: everything held, and came to rest; ${(runs / seconds).toFixed(1)} seeds/s`,
  );
  return true;
}

async function show({ seed, scenario, violation }: Found, say: (line: string) => void): Promise<void> {
  const { trace } = await play(scenario, true);
  for (const line of trace) say(line);
  say(`seed ${seed}: ${violation}`);
  say(JSON.stringify(scenario));
}

async function keepAs(name: string, { scenario }: Found, say: (line: string) => void): Promise<void> {
  const file = new URL(`${name}.json`, regressions);
  await writeFile(file, `${JSON.stringify(scenario, undefined, 2)}\n`);
  say(`kept as ${file.pathname}: name it after what was wrong`);
}
