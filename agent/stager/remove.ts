import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncDir } from '../../shared/io/durable-file.js';
import { chunksFileOf, indexFileOf, manifestFileOf, type RemoveJob, type RemoveResult } from './protocol.js';
import { renderedFileOf } from './rendered.js';
import { openRun, removeDir } from './staging-dir.js';

/** Removes releases: first the record, so that a release that is partly gone never counts as staged. */
export async function removeReleases(job: RemoveJob): Promise<RemoveResult> {
  const run = await openRun(job.stagingDir);
  let removed = 0;
  for (const { releaseDir, recordFile } of job.releases) {
    await rm(recordFile, { force: true });
    await rm(manifestFileOf(recordFile), { force: true });
    await rm(chunksFileOf(recordFile), { force: true });
    await rm(indexFileOf(recordFile), { force: true });
    await rm(renderedFileOf(recordFile), { force: true });
    if (existsSync(dirname(recordFile))) await syncDir(dirname(recordFile));
    if (existsSync(releaseDir)) removed += 1;
    await removeDir(releaseDir, run);
  }
  await rm(run, { recursive: true, force: true });
  return { kind: 'result', job: 'remove', removed };
}
