import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';

/** Names of working folders: `run-<pid>-<start time of that process>-<random>`. */
const runName = /^run-(\d+)-(\d+)-[0-9a-f]+$/;

/** Makes a folder of our own in the staging directory, and removes what runs that are no more have left. */
export async function openRun(stagingDir: string): Promise<string> {
  await mkdir(stagingDir, { recursive: true, mode: 0o755 });
  await removeLeftovers(stagingDir);
  const run = join(
    stagingDir,
    `run-${process.pid}-${await startTime(process.pid)}-${randomBytes(4).toString('hex')}`,
  );
  await mkdir(run);
  return run;
}

async function removeLeftovers(stagingDir: string): Promise<void> {
  for (const name of await readdir(stagingDir)) {
    const [, pid, started] = runName.exec(name) ?? [];
    const alive = pid !== undefined && (await startTime(Number(pid))) === started;
    if (!alive) await rm(join(stagingDir, name), { recursive: true, force: true });
  }
}

/** In clock ticks since boot, from proc(5): a pid alone may have passed to another process. '0' if there is none. */
async function startTime(pid: number): Promise<string> {
  try {
    const text = await readFile(`/proc/${pid}/stat`, 'latin1');
    // The program's name, in parentheses, may hold anything.
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? '0';
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
