import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { lstat, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parseProcessStat } from '../../shared/core/proc-stat.js';
import type { Hex } from '../../shared/release/digest.js';

/** Working folders: `run-<pid>-<start time of that process>-<random>`, and what is staged there. */
const runName = /^run-(\d+)-(\d+)-[0-9a-f]+(?:-([0-9a-f]{64}))?$/;
/** What a failed run has left for the next try: `left-<what was staged>`. */
const leftName = /^left-([0-9a-f]{64})$/;

/**
 * Makes a folder of our own in the staging directory, and removes what runs that are no more have left.
 * @param hex the release that is staged: what a dead run has left of it is taken over
 */
export async function openRun(stagingDir: string, hex?: Hex): Promise<string> {
  await mkdir(stagingDir, { recursive: true, mode: 0o755 });
  const own = `run-${process.pid}-${await startTime(process.pid)}-${randomBytes(4).toString('hex')}`;
  const run = join(stagingDir, hex === undefined ? own : `${own}-${hex}`);
  let taken = false;
  for (const name of await readdir(stagingDir)) {
    const path = join(stagingDir, name);
    if (await isBusy(name)) continue;
    // Never a link: what lies behind it is somebody else's.
    const isOurs = (await lstat(path)).isDirectory();
    if (!taken && isOurs && hex !== undefined && stagedIn(name) === hex) {
      await rename(path, run);
      taken = true;
    } else await rm(path, { recursive: true, force: true });
  }
  if (!taken) await mkdir(run);
  return run;
}

/** Removes what a run has left that was killed when the release was in its place already. */
export async function removeRemains(stagingDir: string, hex: Hex): Promise<void> {
  for (const name of await readdir(stagingDir).catch(() => [])) {
    if (stagedIn(name) !== hex || (await isBusy(name))) continue;
    await rm(join(stagingDir, name), { recursive: true, force: true });
  }
}

/** Keeps what a run that failed has got, for the next try. */
export async function leaveRun(run: string, hex: Hex): Promise<void> {
  const left = join(run, '..', `left-${hex}`);
  await rm(left, { recursive: true, force: true });
  await rename(run, left);
}

const stagedIn = (name: string): Hex | undefined => leftName.exec(name)?.[1] ?? runName.exec(name)?.[3];

/** Whether somebody works in a folder. */
async function isBusy(name: string): Promise<boolean> {
  const [, pid, started] = runName.exec(name) ?? [];
  return pid !== undefined && (await startTime(Number(pid))) === started;
}

/** In clock ticks since boot, from proc(5): a pid alone may have passed to another process. '0' if there is none. */
async function startTime(pid: number): Promise<string> {
  try {
    return parseProcessStat(await readFile(`/proc/${pid}/stat`, 'latin1'))?.startTicks ?? '0';
  } catch {
    return '0';
  }
}

/** Takes a directory out of sight in one step, then removes it. */
export async function removeDir(path: string, run: string): Promise<void> {
  if (!existsSync(path)) return;
  const doomed = join(run, `removed-${basename(path)}`);
  await rename(path, doomed);
  await rm(doomed, { recursive: true, force: true });
}
