import { join } from 'node:path';
import { tempDir } from '../../test/support/temp-dir.js';
import { apply, deploy, type Operated, publish, specOf } from '../support/operate.js';
import { type Version, versions } from './releases.js';

/** Publishes both versions of an application and has them on the node, the first of them live. */
export async function prepare(
  fleet: Operated,
  app: string,
  write: (dir: string, version: Version) => Promise<void>,
): Promise<void> {
  const dir = await tempDir();
  await apply(fleet, specOf(app));
  for (const version of versions) {
    const tree = join(dir, version);
    await write(tree, version);
    await publish(fleet, tree, app, version);
  }
  for (const version of versions.toReversed()) await deploy(fleet, app, version);
}

/** The version that is not live in run `at`, of those that begin with the first one live. */
export const other = (at: number): Version => versions[(at + 1) % 2] ?? versions[0];
