import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { cleanUp } from '../../test/support/cleanup.js';
import { cgroupDirs, makeCgroups, removeCgroups } from '../../test/support/hosts/cgroups.js';

/** Undefined: there is none. Seconds. */
export type CpuMeter = (() => Promise<number>) | undefined;

/**
 * Counts the processor time of this process and of all that it starts from now on, whoever they become children of.
 * @returns what tells how much that is by now; undefined where there are no control groups of version 2
 */
export async function cpuMeter(): Promise<CpuMeter> {
  const dirs = await cgroupDirs(`capstan-bench-${process.pid}`);
  try {
    await makeCgroups(dirs);
    for (const dir of dirs) {
      const used = (): Promise<number> => usedIn(dir);
      if (!Number.isFinite(await used())) continue;
      await removeCgroups(dirs.filter((each) => each !== dir));
      await writeFile(join(dir, 'cgroup.procs'), `${process.pid}`);
      cleanUp(async () => {
        await writeFile(join(dirname(dir), 'cgroup.procs'), `${process.pid}`);
        await removeCgroups([dir]);
      });
      return used;
    }
    await removeCgroups(dirs);
  } catch (error) {
    console.error(`without processor time: ${String(error)}`);
  }
  return undefined;
}

/** NaN in groups that do not count it. */
async function usedIn(dir: string): Promise<number> {
  const stat = await readFile(join(dir, 'cpu.stat'), 'utf8').catch(() => '');
  return Number(/^usage_usec (\d+)$/m.exec(stat)?.[1]) / 1e6;
}
