import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CapstanError } from '../../../shared/model/errors.js';

/** Where a backup is unpacked; there as long as it has not come into its place whole. */
export const restoringDir = (dataDir: string): string => join(dataDir, 'restoring');

/** @throws CapstanError `refused` if a restore was cut short: what is there may be a part of what was restored */
export function refuseHalfRestored(dataDir: string): void {
  if (!existsSync(restoringDir(dataDir))) return;
  throw new CapstanError('refused', `A restore into ${dataDir} was cut short.`, {
    hint: 'Restore the backup again, with the same command: what the first one left is cleared away.',
  });
}
