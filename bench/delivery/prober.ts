// Asks again and again what serves, and says when that has changed, until its standard input ends. Usage: prober file PATH | prober http PORT

import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';

/** From one version to another. */
export interface Change {
  readonly from: string;
  readonly to: string;
  /** From the last answer of the old to the first of the new. Milliseconds. */
  readonly gapMs: number;
  /** Questions between the two that nobody answered. */
  readonly failed: number;
}

const patienceMs = 2_000;

const ask = {
  file: (path: string) => Promise.resolve(readFileSync(path, 'utf8')),
  http: (port: string) =>
    new Promise<string>((resolve, reject) => {
      const asked = request(
        { host: '127.0.0.1', port, agent: false, timeout: patienceMs },
        (answer) => void text(answer).then(resolve, reject),
      );
      asked.on('error', reject);
      asked.on('timeout', () => asked.destroy(new Error('no answer')));
      asked.end();
    }),
};

async function probe(kind: keyof typeof ask, where: string): Promise<void> {
  const stop = new AbortController();
  process.stdin
    .on('end', () => {
      stop.abort();
    })
    .resume();
  let [version, answeredAt, failed] = ['', 0, 0];
  while (!stop.signal.aborted) {
    try {
      const answer = await ask[kind](where);
      const now = performance.now();
      if (version === '') process.stdout.write('answered\n');
      else if (answer !== version) {
        const change: Change = { from: version, to: answer, gapMs: now - answeredAt, failed };
        process.stdout.write(`${JSON.stringify(change)}\n`);
      }
      [version, answeredAt, failed] = [answer, now, 0];
    } catch {
      failed += 1;
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const [, , kind = '', where = ''] = process.argv;
if (kind !== 'file' && kind !== 'http') throw new Error(`"${kind}" is neither file nor http`);
await probe(kind, where);
