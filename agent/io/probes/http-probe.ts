import { type Agent, get } from 'node:http';
import type { ProbeResult } from '../../core/health.js';

/** Any 2xx or 3xx answer is a good one. The connection is taken from, and left to, the agent given. */
export function probeHttp(
  agent: Agent,
  url: string,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<ProbeResult> {
  return new Promise((resolve) => {
    const fail = (why: string): void => {
      resolve({ ok: false, complaint: why });
    };
    try {
      const request = get(url, { agent, headers: { 'user-agent': 'capstan-agent' } }, (response) => {
        const status = response.statusCode ?? 0;
        if (status >= 200 && status < 400) resolve({ ok: true });
        else fail(`status ${status}`);
        response.resume();
        // A body without an end must not outlive the probe.
        response.once('close', done);
      });
      const limit = setTimeout(() => {
        fail(`no answer within ${timeoutMs} ms`);
        request.destroy();
      }, timeoutMs);
      const abort = (): void => {
        fail('given up');
        request.destroy();
      };
      const done = (): void => {
        clearTimeout(limit);
        signal.removeEventListener('abort', abort);
      };
      signal.addEventListener('abort', abort, { once: true });
      request.once('error', (error) => {
        done();
        fail(error.message);
      });
    } catch (error) {
      fail(error instanceof Error ? error.message : String(error));
    }
  });
}
