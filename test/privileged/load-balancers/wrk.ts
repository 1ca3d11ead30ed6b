import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cleanUp } from '../../support/cleanup.js';
import { tempDir } from '../../support/temp-dir.js';

export interface WrkReport {
  readonly requests: number;
  readonly seconds: number;
  /** What went wrong, as wrk counts it: errors of sockets, and answers other than 2xx and 3xx. */
  readonly failed: number;
  /** wrk's own words about it; '' if nothing did. */
  readonly complaint: string;
}

export interface Wrk {
  stop(): Promise<WrkReport>;
}

/** Sends requests over eight connections, each again some milliseconds after its answer, until it is stopped. */
export async function startWrk(url: string, method: 'GET' | 'POST'): Promise<Wrk> {
  const script = join(await tempDir(), 'load.lua');
  await writeFile(script, `wrk.method = "${method}"\nfunction delay() return math.random(5, 25) end\n`);
  const args = ['-t', '1', '-c', '8', '-d', '3600s', '--timeout', '10s', '-s', script, url];
  const child = spawn('wrk', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  const ended = once(child, 'close');
  cleanUp(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return {
    stop: async () => {
      child.kill('SIGINT'); // it stops, and says what it has counted
      await ended;
      return reportOf(text);
    },
  };
}

function reportOf(text: string): WrkReport {
  const [, requests, seconds] = /(\d+) requests in ([\d.]+)([smh])/.exec(text) ?? [];
  if (requests === undefined || seconds === undefined) throw new Error(`wrk said: ${text}`);
  const complaints = text.split('\n').filter((line) => /Socket errors|Non-2xx/.test(line));
  const counts = complaints.flatMap((line) => [...line.replace(/Non-2xx or 3xx/, '').matchAll(/\d+/g)]);
  const unit = { s: 1, m: 60, h: 3600 }[/requests in [\d.]+([smh])/.exec(text)?.[1] as 's' | 'm' | 'h'];
  return {
    requests: Number(requests),
    seconds: Number(seconds) * unit,
    failed: counts.reduce((sum, [count]) => sum + Number(count), 0),
    complaint: complaints.map((line) => line.trim()).join('; '),
  };
}
