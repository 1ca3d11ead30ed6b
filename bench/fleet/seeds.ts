import type { Host } from '../support/fabric.js';
import { onAll, site } from './hosts.js';

/**
 * What has the first release on all hosts: the first time as `install` brings it, then from a copy that each host keeps.
 * @param slug tells it from those of other ways
 */
export function seeder(
  hosts: readonly Host[],
  slug: string,
  install: () => Promise<void>,
): () => Promise<void> {
  const kept = `/srv/kept/${slug}`;
  let isKept = false;
  return async () => {
    await onAll(hosts, `rm -rf ${site}`);
    if (isKept) return onAll(hosts, `cp -a ${kept} ${site}`);
    await install();
    await onAll(hosts, `mkdir -p /srv/kept; cp -a ${site} ${kept}`);
    isKept = true;
  };
}
