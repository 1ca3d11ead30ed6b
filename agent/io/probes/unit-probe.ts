import { setTimeout as delay } from 'node:timers/promises';
import type { ProbeResult } from '../../core/health.js';

/**
 * A unit that is up is good enough.
 * @param fault why it is not up; '' if it is
 */
export async function probeUnit(
  fault: Promise<string>,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<ProbeResult> {
  const over = new AbortController();
  const ended = AbortSignal.any([signal, over.signal]);
  const late = delay(timeoutMs, `systemd did not answer within ${timeoutMs} ms`, { signal: ended }).catch(
    () => 'given up',
  );
  const complaint = await Promise.race([fault, late]);
  over.abort();
  return complaint === '' ? { ok: true } : { ok: false, complaint };
}
