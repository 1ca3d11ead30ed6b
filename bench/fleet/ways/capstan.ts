import { join } from 'node:path';
import { eventually } from '../../../test/support/eventually.js';
import { type FabricFleet, startFabricFleet } from '../../support/fabric-fleet.js';
import type { Bed } from '../bed.js';
import { onAll } from '../hosts.js';
import type { Way } from '../way.js';

const folders = { state: '/srv/state', root: '/srv/www', conf: '/srv/conf.d' };

/**
 * A coordinator at the origin and an agent on every host. All are new in each run: nodes keep what they once had.
 * @param staged the release is on all disks when the command is given, as after `capstan stage`
 */
export function capstan({ dir, pair, origin, nodes }: Bed, staged = false): Way {
  let fleet: FabricFleet | undefined;
  const deploy = (version: string) =>
    ['deploy', `web@${version}`, '--env', 'production', '--wait', '--timeout', '5m'] as const;
  const running = (): FabricFleet => {
    if (fleet === undefined) throw new Error('the fleet was not prepared');
    return fleet;
  };
  return {
    name: staged ? 'capstan, staged before' : 'capstan',
    async prepare() {
      await onAll(nodes, `rm -rf ${Object.values(folders).join(' ')}`);
      fleet = await startFabricFleet({
        dir: join(dir, staged ? 'staged' : 'capstan'),
        origin,
        nodes,
        folders: () => folders,
      });
      await fleet.capstan('publish', pair.v1, '--app', 'web', '--version', '1.0.0');
      await fleet.capstan(...deploy('1.0.0'));
      await fleet.capstan('publish', pair.v2, '--app', 'web', '--version', '2.0.0');
      // Each looks for drift in all of what is new to it, once, a while after it was changed.
      await eventually(() => onAll(nodes, `ls ${folders.state}/releases/web/*.index`).then(() => true), {
        ...{ timeoutMs: 120_000, everyMs: 500, what: 'all to have looked for drift' },
      });
      if (staged)
        await fleet.capstan('stage', 'web@2.0.0', '--env', 'production', '--wait', '--timeout', '5m');
    },
    update: () => running().command(...deploy('2.0.0')),
    end: () => running().end(),
  };
}
