import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type AgentHost, type HostFleet, startHostFleet } from '../../test/support/hosts/host-fleet.js';
import { swapLine } from './by-hand.js';
import { other } from './capstan.js';
import type { Change } from './prober.js';
import { unitFile, versions, writeService } from './releases.js';
import { served, serviceRuns } from './services.js';
import { watched } from './watch.js';

const ports = { process: 8080, systemd: 8180, byHand: 8280 };

export interface HostRuns {
  readonly process: readonly Change[];
  readonly systemd: readonly Change[];
  readonly byHand: readonly Change[];
}

/** On a host of its own that systemd runs: both kinds of services, and `systemctl restart` by hand. */
export async function hostRuns(runs: number): Promise<HostRuns> {
  const conf = `applications:
  delivery-process: {}
  delivery-unit: { user: root, installUnits: true }
`;
  const fleet = await startHostFleet({ hosts: 1, conf: () => conf });
  const [node] = fleet.nodes;
  if (node === undefined) throw new Error('the fleet has no host');
  const through = fleet.rack.inNetwork;
  const root = '/srv/delivery-unit';
  return {
    process: await serviceRuns(
      fleet,
      'delivery-process',
      { port: ports.process, kind: 'process' },
      through,
      runs,
    ),
    systemd: await serviceRuns(
      fleet,
      'delivery-unit',
      { port: ports.systemd, kind: 'systemd', root },
      through,
      runs,
    ),
    byHand: await byHand(fleet, node, runs),
  };
}

async function byHand({ rack }: HostFleet, { host }: AgentHost, runs: number): Promise<readonly Change[]> {
  const dir = host.path('/srv/by-hand');
  const port = ports.byHand;
  for (const version of versions) await writeService(join(dir, version), { version, port, kind: undefined });
  await symlink(versions[0], join(dir, 'current'));
  await mkdir(host.path('/etc/systemd/system'), { recursive: true });
  await writeFile(host.path('/etc/systemd/system/by-hand.service'), unitFile('/srv/by-hand'));
  await host.exec('systemctl', ['daemon-reload']);
  await host.exec('systemctl', ['start', 'by-hand.service']);
  const found: Change[] = [];
  for (let at = 0; at < runs; at += 1) {
    const version = other(at);
    const line = `cd /srv/by-hand; ${swapLine(version)}; systemctl restart by-hand.service`;
    found.push(
      await watched(served(port, rack.inNetwork), async () => {
        await host.exec('sh', ['-ec', line]);
      }),
    );
  }
  return found;
}
