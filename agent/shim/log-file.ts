import { copyFileSync, openSync, statSync, truncateSync } from 'node:fs';

/** Opened for appending, so that cutting it while a service writes leaves no hole. */
export const openLog = (path: string): number => openSync(path, 'a', 0o640);

/** Keeps a log that others append to within bounds: copy, then cut. Lines written in between are lost. */
export function boundLog(path: string, maxBytes: number): void {
  try {
    if (statSync(path).size <= maxBytes) return;
    copyFileSync(path, `${path}.1`);
    truncateSync(path, 0);
  } catch {
    // A log that cannot be kept short must not stop the service it belongs to.
  }
}
