import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { FuzzJob, FuzzResult } from './target.js';

export interface Bounds {
  /** No input is read for longer; the processor's time is bounded below that already. Milliseconds. */
  readonly hangMs: number;
  readonly residentBytes: number;
}
const usual: Bounds = { hangMs: 20_000, residentBytes: 1024 * 1024 * 1024 };
/** Until the first input. Milliseconds. */
const startMs = 60_000;
const heapMegabytes = 384;

const worker = fileURLToPath(new URL('worker.ts', import.meta.url));

/** Runs a job in a process of its own, that may hang, take all memory or end without a word: that is found, too. */
export async function watched(job: FuzzJob, bounds = usual): Promise<FuzzResult> {
  const args = [`--max-old-space-size=${heapMegabytes}`, '--import=tsx', worker, JSON.stringify(job)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, err] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err = (err + text).slice(-4000)));
  const begun = Date.now();
  let problem = '';
  const timer = setInterval(() => {
    problem = overdue(job.currentFile, begun, bounds) ?? tooLarge(child.pid ?? 0, bounds) ?? '';
    if (problem === '') return;
    clearInterval(timer);
    child.kill('SIGKILL');
  }, 250);
  const [code] = (await once(child, 'close')) as [number | null];
  clearInterval(timer);
  const line = out.trim().split('\n').at(-1) ?? '';
  if (code === 0 && line !== '') return JSON.parse(line) as FuzzResult;
  const input = readIfThere(job.currentFile).toString('base64');
  return {
    kind: 'found',
    seed: job.seed,
    problem: problem === '' ? `its process ended: ${err}` : problem,
    input,
  };
}

/** The file is written anew for each input. */
function overdue(file: string, begun: number, { hangMs }: Bounds): string | undefined {
  const since = statSync(file, { throwIfNoEntry: false })?.mtimeMs;
  if (since === undefined) return Date.now() - begun > startMs ? 'it did not begin' : undefined;
  return Date.now() - since > hangMs ? `it reads this for more than ${hangMs / 1000} s` : undefined;
}

function tooLarge(pid: number, { residentBytes }: Bounds): string | undefined {
  const kilobytes = Number(/^VmRSS:\s+(\d+)/m.exec(readIfThere(`/proc/${pid}/status`).toString())?.[1] ?? 0);
  return kilobytes * 1024 > residentBytes
    ? `it takes ${Math.round(kilobytes / 1024)} MB of memory`
    : undefined;
}

function readIfThere(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch {
    return Buffer.alloc(0);
  }
}
