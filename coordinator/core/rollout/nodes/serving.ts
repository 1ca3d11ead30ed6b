import type { AppStatus } from '../../../../shared/model/node-status.js';

/** True if the node serves some release, or would if its group were not idle: what counts as available. */
export function isServing(status: AppStatus): boolean {
  if (status.current === undefined) return false;
  if (status.standby === true) return status.health === 'healthy';
  return status.ready && status.health !== 'unhealthy';
}
