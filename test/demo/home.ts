import { mkdir, mkdtemp, readlink, realpath, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { eventually } from '../support/eventually.js';
import { processesIn } from '../support/processes.js';
import { removeTree } from '../support/temp-dir.js';

/** The folder that everything of one demo lives in, and by which its processes are known. */
export interface Home {
  readonly dir: string;
  /** Ends every process of the demo: the daemons, and what outlives them by design. */
  endProcesses(): Promise<void>;
  /** Ends the processes and removes the folder. */
  remove(): Promise<void>;
}

/**
 * Makes the folder, in `parent` or among the temporary files.
 * @throws the system's error if it cannot be made
 */
export async function makeHome(parent: string | undefined): Promise<Home> {
  const base = resolve(parent ?? tmpdir());
  const made = await mkdir(base, { recursive: true });
  // Never `parent` itself: it stands in the command line of the shell and of npm, which must not be ended.
  const dir = await realpath(await mkdtemp(join(base, 'capstan-demo-')));
  const endProcesses = async (): Promise<void> => {
    await eventually(
      async () => {
        const pids = await ownProcesses(dir);
        for (const pid of pids) end(pid);
        return pids.length === 0;
      },
      { what: `the processes in ${dir} to end`, timeoutMs: 15_000 },
    );
  };
  return {
    dir,
    endProcesses,
    async remove() {
      await endProcesses();
      await removeTree(dir);
      // Folders that were made for the demo go too, unless somebody put something into them meanwhile.
      if (made !== undefined) await rmdir(base).catch(() => undefined);
    },
  };
}

/** Programs of Node in the folder; a person's shell or pager there is left alone. */
async function ownProcesses(dir: string): Promise<readonly number[]> {
  const pids = processesIn(dir);
  const programs = await Promise.all(
    pids.map(async (pid) => basename(await readlink(`/proc/${pid}/exe`).catch(() => 'node'))),
  );
  return pids.filter((_pid, index) => programs[index]?.startsWith('node') === true);
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it ended by itself
  }
}
