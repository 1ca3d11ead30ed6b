import { readFile } from 'node:fs/promises';
import type { Pressure } from '../../shared/model/node-status.js';

/** What the kernel says of the last 10 seconds; undefined if it does not (it is older than 4.20, or told not to). */
export async function hostPressure(): Promise<Pressure | undefined> {
  const shares = await Promise.all(
    ['cpu', 'memory', 'io'].map((kind) =>
      readFile(`/proc/pressure/${kind}`, 'utf8').then(waitingShare, () => undefined),
    ),
  );
  const [cpu, memory, io] = shares;
  return cpu === undefined || memory === undefined || io === undefined ? undefined : { cpu, memory, io };
}

/** Of `some avg10=1.53 avg60=…`, the share of time in which some work waited, in percent. */
export function waitingShare(text: string): number | undefined {
  const [, share] = /^some avg10=(\d+\.\d+)/m.exec(text) ?? [];
  return share === undefined ? undefined : Number(share);
}
