import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { StageJob } from '../../agent/stager/protocol.js';
import { publishRelease } from '../../shared/distribution/publish.js';
import type { Store } from '../../shared/distribution/store.js';
import type { AppName, ReleaseVersion } from '../../shared/model/ids.js';
import type { ReleaseRef } from '../../shared/model/release.js';
import { parseReleaseSpec } from '../../shared/spec/release.js';

/** Publishes a directory or archive as `web@1.0.0`, on top of earlier releases if there are any. */
export async function publish(
  source: string,
  store: Store,
  version = '1.0.0',
  bases: readonly ReleaseRef[] = [],
): Promise<ReleaseRef> {
  const { ref } = await publishRelease({
    source,
    store,
    app: 'web' as AppName,
    version: version as ReleaseVersion,
    bases,
    // Not held against the tree: nodes have to do with releases that were published before that was done.
    checkSpec: (text, fileName) => parseReleaseSpec(text, fileName),
  });
  return ref;
}

/** A job that stages a release below `root`, laid out as on a node. */
export const stageJob = (root: string, release: ReleaseRef, stores: readonly string[]): StageJob => ({
  kind: 'stage',
  app: 'web' as AppName,
  release,
  stores: [...stores],
  stagingDir: join(root, 'srv/web/.staging'),
  releaseDir: join(root, 'srv/web/releases/r1'),
  recordFile: join(root, 'state/releases/web/r1.json'),
  reserveBytes: 0,
  quotaBytes: 0,
  reuseFrom: [],
  fetchBytesPerSecond: 0,
});

/** Everything that counts about a tree, read with nothing of ours: path → what is there. */
export async function readTree(root: string, folder = ''): Promise<Map<string, string>> {
  const tree = new Map<string, string>();
  for (const name of await readdir(join(root, folder))) {
    const path = folder === '' ? name : `${folder}/${name}`;
    const stats = await lstat(join(root, path));
    if (stats.isDirectory()) {
      tree.set(path, 'directory');
      for (const [below, what] of await readTree(root, path)) tree.set(below, what);
    } else if (stats.isSymbolicLink()) {
      tree.set(path, `link to ${await readlink(join(root, path))}`);
    } else {
      const bytes = await readFile(join(root, path));
      tree.set(path, `${(stats.mode & 0o100) === 0 ? 'file' : 'program'} ${bytes.toString('base64')}`);
    }
  }
  return tree;
}
