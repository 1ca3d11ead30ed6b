import { existsSync } from 'node:fs';
import { opendir, rename, rm, rmdir, unlink } from 'node:fs/promises';
import { constants, setPriority } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { syncDir } from '../../shared/io/durable-file.js';
import { chunksFileOf, indexFileOf, manifestFileOf, type RemoveJob, type RemoveResult } from './protocol.js';
import { renderedFileOf } from './rendered.js';
import { openRun } from './staging-dir.js';

/** So many files at once, then a pause: what serves is to have the disk. */
const batch = 64;
const pauseMs = 15;

/**
 * Removes releases: each tree out of sight in one step, so that none is ever partly there under its name, and its record
 * with it; then the trees themselves. What cannot be removed is still recorded, and tried again; ended in the middle, the
 * rest of the trees is removed by the next job.
 */
export async function removeReleases({ releases, stagingDir, slowly }: RemoveJob): Promise<RemoveResult> {
  if (slowly) setPriority(constants.priority.PRIORITY_LOW);
  const run = await openRun(stagingDir);
  let removed = 0;
  for (const { releaseDir, recordFile } of releases) {
    const others = [manifestFileOf, chunksFileOf, indexFileOf, renderedFileOf];
    for (const fileOf of others) await rm(fileOf(recordFile), { force: true });
    if (existsSync(releaseDir)) {
      await rename(releaseDir, join(run, `removed-${basename(releaseDir)}`));
      removed += 1;
    }
    await rm(recordFile, { force: true });
    if (existsSync(dirname(recordFile))) await syncDir(dirname(recordFile));
  }
  if (slowly) await removeSlowly(run, pacer());
  await rm(run, { recursive: true, force: true });
  return { kind: 'result', job: 'remove', removed };
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
