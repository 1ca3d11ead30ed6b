import { existsSync } from 'node:fs';
import { opendir, rename, rm, rmdir, unlink } from 'node:fs/promises';
import { constants, setPriority } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { syncDir } from '../../shared/io/durable-file.js';
import {
  chunksFileOf,
  indexFileOf,
  manifestFileOf,
  type ReleasePlace,
  type RemoveJob,
  type RemoveResult,
} from './protocol.js';
import { renderedFileOf } from './rendered.js';
import { openRun } from './staging-dir.js';

/** So many files at once, then a pause: what serves is to have the disk. */
const batch = 64;
const pauseMs = 15;

/**
 * Removes releases: first the records, so that a release that is partly gone never counts as staged, then the trees, out
 * of sight. Ended there, the rest is removed by the next job.
 */
export async function removeReleases({ releases, stagingDir, slowly }: RemoveJob): Promise<RemoveResult> {
  if (slowly) setPriority(constants.priority.PRIORITY_LOW);
  const run = await openRun(stagingDir);
  let removed = 0;
  for (const { releaseDir, recordFile } of releases) {
    await removeRecord(recordFile);
    if (!existsSync(releaseDir)) continue;
    await rename(releaseDir, join(run, `removed-${basename(releaseDir)}`));
    removed += 1;
  }
  if (slowly) await removeSlowly(run, pacer());
  await rm(run, { recursive: true, force: true });
  return { kind: 'result', job: 'remove', removed };
}

async function removeRecord(recordFile: ReleasePlace['recordFile']): Promise<void> {
  const others = [manifestFileOf, chunksFileOf, indexFileOf, renderedFileOf].map((fileOf) =>
    fileOf(recordFile),
  );
  for (const path of [recordFile, ...others]) await rm(path, { force: true });
  if (existsSync(dirname(recordFile))) await syncDir(dirname(recordFile));
}

async function removeSlowly(folder: string, pace: () => Promise<void>): Promise<void> {
  for await (const entry of await opendir(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await removeSlowly(path, pace);
    else await unlink(path);
    await pace();
  }
  await rmdir(folder).catch(() => undefined); // what is left in it is removed with the rest
}

function pacer(): () => Promise<void> {
  let done = 0;
  return async () => {
    done += 1;
    if (done % batch === 0) await delay(pauseMs);
  };
}
