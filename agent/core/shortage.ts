import { formatBytes } from '../../shared/core/bytes.js';
import type { HostFacts } from '../../shared/model/node-status.js';

/** Less than this share is little; unless it is more than the amount, for a twentieth of a large disk is plenty. */
const least = { share: 0.05, diskBytes: 2e9, memoryBytes: 512e6 };

/** What the host is nearly out of, for people; '' if there is enough of everything. */
export function shortages({ diskFree, diskTotal, memoryAvailable, memoryTotal }: HostFacts): string {
  const found: string[] = [];
  if (isLittle(diskFree, diskTotal, least.diskBytes))
    found.push(`the disk is nearly full: ${formatBytes(diskFree)} of ${formatBytes(diskTotal)} are free`);
  if (isLittle(memoryAvailable, memoryTotal, least.memoryBytes)) {
    const [left, all] = [formatBytes(memoryAvailable), formatBytes(memoryTotal)];
    found.push(`memory is nearly gone: ${left} of ${all} are available`);
  }
  return found.join('; ');
}

const isLittle = (left: number, all: number, enough: number): boolean =>
  left < all * least.share && left < enough;
