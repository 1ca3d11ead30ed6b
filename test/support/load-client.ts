import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

interface FailedRequest {
  readonly atMs: number;
  readonly path: string;
  /** The status, or the error. */
  readonly what: string;
}

export interface LoadReport {
  readonly sent: number;
  readonly failed: readonly FailedRequest[];
  /** Bytes of the bodies received. */
  readonly bytes: number;
  /** Answers by the value of the `X-Release` header. */
  readonly versions: Readonly<Record<string, number>>;
  readonly slowestMs: number;
}

export interface LoadClient {
  report(): LoadReport;
  /** Lets the requests under way end. */
  stop(): Promise<LoadReport>;
}

interface LoadOptions {
  readonly url: string;
  /** Asked for in turn. */
  readonly paths: readonly string[];
  /** Requests under way at once. */
  readonly workers?: number;
  /** Pause of each worker between two requests. Milliseconds. */
  readonly pauseMs?: number;
  readonly timeoutMs?: number;
}

interface Tally {
  sent: number;
  readonly failed: FailedRequest[];
  bytes: number;
  readonly versions: Record<string, number>;
  slowestMs: number;
}

/** Sends requests until it is stopped. Whatever is not a complete answer with status 200 is a failed request. */
export function startLoad(options: LoadOptions): LoadClient {
  const { url, paths, workers = 4, pauseMs = 20, timeoutMs = 10_000 } = options;
  const agent = new Agent({ keepAlive: true });
  const tally: Tally = { sent: 0, failed: [], bytes: 0, versions: {}, slowestMs: 0 };
  const stopped = new AbortController();
  const work = async (offset: number): Promise<void> => {
    for (let turn = offset; !stopped.signal.aborted; turn += 1) {
      const path = paths[turn % paths.length] ?? '/';
      const started = performance.now();
      const what = await get(new URL(path, url), agent, timeoutMs, tally);
      tally.sent += 1;
      tally.slowestMs = Math.max(tally.slowestMs, performance.now() - started);
      if (what !== undefined) tally.failed.push({ atMs: performance.now(), path, what });
      await delay(pauseMs, undefined, { signal: stopped.signal }).catch(() => undefined);
    }
  };
  const done = Promise.all(Array.from({ length: workers }, (_, index) => work(index)));
  const report = (): LoadReport => ({ ...tally, failed: [...tally.failed], versions: { ...tally.versions } });
  return {
    report,
    async stop() {
      stopped.abort();
      await done;
      agent.destroy();
      return report();
    },
  };
}

/** What went wrong, or undefined. */
async function get(url: URL, agent: Agent, timeoutMs: number, tally: Tally): Promise<string | undefined> {
  return new Promise((resolve) => {
    const asked = request(url, { agent, timeout: timeoutMs }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => {
        tally.bytes += chunk.length;
        if (response.statusCode !== 200) chunks.push(chunk);
      });
      response.on('error', (error) => resolve(error.message));
      response.on('end', () => {
        const version = String(response.headers['x-release'] ?? 'unknown');
        tally.versions[version] = (tally.versions[version] ?? 0) + 1;
        const text = Buffer.concat(chunks).toString('utf8').slice(0, 200).trim();
        resolve(response.statusCode === 200 ? undefined : `${response.statusCode ?? 0} ${text}`);
      });
    });
    asked.on('timeout', () => asked.destroy(new Error(`no answer in ${timeoutMs} ms`)));
    asked.on('error', (error) => resolve(error.message));
    asked.end();
  });
}
