import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { tempDir } from '../../test/support/temp-dir.js';
import { deploy, type Operated } from '../support/operate.js';
import { startHand, startLine, stopLine, swapLine } from './by-hand.js';
import { other, prepare } from './capstan.js';
import type { Change } from './prober.js';
import { type ServiceRelease, versions, writeService } from './releases.js';
import { type Subject, watched } from './watch.js';

/** Each run stops one version of a service and starts the other. */
export async function serviceRuns(
  fleet: Operated,
  app: string,
  release: Omit<ServiceRelease, 'version'>,
  through: readonly string[],
  runs: number,
): Promise<readonly Change[]> {
  await prepare(fleet, app, (dir, version) => writeService(dir, { ...release, version }));
  const found: Change[] = [];
  for (let at = 0; at < runs; at += 1) {
    found.push(await watched(served(release.port, through), () => deploy(fleet, app, other(at))));
  }
  return found;
}

export const served = (port: number, through: readonly string[]): Subject => ({
  kind: 'http',
  where: String(port),
  through,
});

/** The link, then the process: as somebody does who is logged in. */
export async function processByHand(port: number, runs: number): Promise<readonly Change[]> {
  const dir = await tempDir();
  for (const version of versions) await writeService(join(dir, version), { version, port, kind: undefined });
  await symlink(versions[0], join(dir, 'current'));
  const hand = startHand(dir);
  await hand.type(startLine);
  const found: Change[] = [];
  for (let at = 0; at < runs; at += 1) {
    found.push(
      await watched(served(port, []), async () => {
        await hand.type(`${swapLine(other(at))}; ${stopLine}; ${startLine}`);
      }),
    );
  }
  await hand.end();
  return found;
}
