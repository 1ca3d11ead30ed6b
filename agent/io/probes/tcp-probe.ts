import { connect } from 'node:net';
import type { ProbeResult } from '../../core/health.js';
import { noAddress, targetAt } from './address.js';

/** An accepted connection is good enough; it is closed at once. */
export function probeTcp(address: string, timeoutMs: number, signal: AbortSignal): Promise<ProbeResult> {
  const target = targetAt(address);
  if (target === undefined) return Promise.resolve({ ok: false, complaint: noAddress });
  return new Promise((resolve) => {
    const socket = connect({ ...target, timeout: timeoutMs });
    const end = (result: ProbeResult): void => {
      signal.removeEventListener('abort', abort);
      socket.destroy();
      resolve(result);
    };
    const fail = (why: string): void => {
      end({ ok: false, complaint: why });
    };
    const abort = (): void => {
      fail('given up');
    };
    signal.addEventListener('abort', abort, { once: true });
    socket.once('connect', () => {
      end({ ok: true });
    });
    socket.once('timeout', () => {
      fail(`no answer within ${timeoutMs} ms`);
    });
    socket.once('error', (error) => {
      fail(error.message);
    });
  });
}
