import type { AppStatus } from '../../../shared/model/node-status.js';

/** True if the node serves some release: what counts as available. */
export function isServing(status: AppStatus): boolean {
  return status.ready && status.current !== undefined && status.health !== 'unhealthy';
}
