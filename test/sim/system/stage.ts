import { spawn } from 'node:child_process';
import type { Look } from '../engine-stage.js';
import { keepAs } from '../keep.js';
import { type Found, tryOne } from './find.js';
import { play, promises } from './play.js';

export interface SiteLook extends Look {
  /** How many processes share the work. */
  readonly jobs: number;
}

/** Where scenarios are kept that once went wrong. */
export const regressions = new URL('./regressions/', import.meta.url);

/** @returns false if something was wrong, which is then shown as small as it could be made */
export async function trySites(look: SiteLook): Promise<boolean> {
  const { seed, runs, jobs, say } = look;
  const started = performance.now();
  const held = jobs > 1 && runs > 2 * jobs ? await share(look) : await tryAll(look);
  if (!held) return false;
  const seconds = (performance.now() - started) / 1000;
  for (const name of promises) say(`held  ${name}`);
  const rate = (runs / seconds).toFixed(1);
  say(`sites: ${runs} seeds from ${seed} on: everything held, and came to rest; ${rate} seeds/s`);
  return true;
}

async function tryAll({ seed, runs, first, keep, say }: SiteLook): Promise<boolean> {
  for (let at = 0; at < runs; at++) {
    const found = await tryOne(seed + at, first);
    if (found === undefined) continue;
    await show(found, say);
    if (keep !== undefined) await keepAs(new URL(`${keep}.json`, regressions), found.scenario, say);
    say(`failed after ${at + 1} sites: npm run sim -- --stage site --runs 1 --seed ${found.seed}`);
    return false;
  }
  return true;
}

/** Each process takes a part of the seeds; the first one that finds something ends the others. */
async function share({ seed, runs, jobs, first, keep, say }: SiteLook): Promise<boolean> {
  const each = Math.ceil(runs / jobs);
  const more = [...(first ? ['--first'] : []), ...(keep === undefined ? [] : ['--keep', keep])];
  const stop = new AbortController();
  const parts = Array.from({ length: jobs }, (_, at) => {
    const from = at * each;
    const part = ['--seed', String(seed + from), '--runs', String(Math.min(each, runs - from))];
    return runPart(['--stage', 'site', '--jobs', '1', ...part, ...more], stop.signal);
  });
  const ends = parts.map(async (part) => {
    const { held, said } = await part;
    if (held || stop.signal.aborted) return held;
    stop.abort();
    say(said.trimEnd());
    return false;
  });
  return (await Promise.all(ends)).every((held) => held);
}

function runPart(
  args: readonly string[],
  signal: AbortSignal,
): Promise<{ readonly held: boolean; readonly said: string }> {
  const [, program = ''] = process.argv;
  const child = spawn(process.execPath, [...process.execArgv, program, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    signal,
  });
  const said: string[] = [];
  child.stdout.setEncoding('utf8').on('data', (text: string) => said.push(text));
  return new Promise((resolve, reject) => {
    child.on('error', (error) => {
      if (!signal.aborted) reject(error);
    });
    child.on('close', (code) => {
      resolve({ held: code === 0, said: said.join('') });
    });
  });
}

async function show({ seed, scenario, violation }: Found, say: (line: string) => void): Promise<void> {
  const { trace } = await play(scenario, true);
  for (const line of trace) say(line);
  say(`seed ${seed}: ${violation}`);
  say(JSON.stringify(scenario));
}
