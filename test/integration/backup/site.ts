import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { create, extract } from 'tar';
import { type CoordinatorSettings, program, settingsTable } from '../../../coordinator/config.js';
import { backupCommand, restoreCommand } from '../../../coordinator/io/backup/command.js';
import { systemClock } from '../../../shared/io/clock.js';
import { systemRandom } from '../../../shared/io/random.js';
import type { Clock } from '../../../shared/ports/clock.js';
import { addressText } from '../../../shared/settings/kinds.js';
import { loadSettings } from '../../../shared/settings/load.js';
import type { Finished } from '../../support/processes.js';
import type { TestCoordinator } from '../coordinator/coordinator.js';

export interface Taken {
  readonly file: string;
  readonly sha256: string;
  readonly epoch: number;
  readonly database: string;
  readonly lastEvent: { readonly position: number; readonly hash: string };
  readonly files: readonly { readonly path: string; readonly size: number; readonly sha256: string }[];
}

type Outcome = Pick<Finished, 'code' | 'stdout' | 'stderr'>;

/** The command in this process, which is ten times as fast as a program. */
async function run(
  command: typeof backupCommand<CoordinatorSettings>,
  argv: readonly string[],
  clock: Pick<Clock, 'now'> = systemClock,
): Promise<Outcome> {
  let stdout = '';
  let stderr = '';
  const code = await command({
    argv,
    load: (rest) => loadSettings(program, settingsTable, rest, {}),
    stdout: (text) => {
      stdout += text;
    },
    stderr: (text) => {
      stderr += text;
    },
    ownAddress: ({ operatorListen }) => addressText(operatorListen),
    ...{ clock, random: systemRandom },
  });
  return { code, stdout, stderr };
}

export const backup = (args: readonly string[], ...more: readonly string[]): Promise<Outcome> =>
  run(backupCommand, [...more, ...args]);

export const restore = (
  file: string,
  args: readonly string[],
  ...more: readonly string[]
): Promise<Outcome> => run(restoreCommand, [file, ...more, ...args]);

/** Takes a backup that has to succeed. */
export async function taken(args: readonly string[], to: string): Promise<Taken> {
  return answered(await backup(args, '--to', to, '--output', 'json')) as Taken;
}

export interface Restored {
  readonly epoch: number;
  readonly applications: number;
  readonly nodes: number;
  readonly takenAt: string;
}

/** Restores what has to be sound when the clock shows this. */
export async function restoredAt(now: number, file: string, args: readonly string[]): Promise<Restored> {
  const clock = { now: () => now };
  return answered(await run(restoreCommand, [file, ...args, '--output', 'json'], clock)) as Restored;
}

/** Restores what has to be sound. */
export async function restored(
  file: string,
  args: readonly string[],
  ...more: readonly string[]
): Promise<Restored> {
  return answered(await restore(file, args, ...more, '--output', 'json')) as Restored;
}

function answered({ code, stdout, stderr }: Outcome): unknown {
  if (code !== 0) throw new Error(`exited ${String(code)}: ${stderr}${stdout}`);
  return JSON.parse(stdout);
}

/** Takes the data of a coordinator that was stopped out of its directory, but for the store. @returns where they are */
export async function moveData({ dir, dataDir }: Pick<TestCoordinator, 'dir' | 'dataDir'>): Promise<string> {
  const before = join(dir, 'before');
  await rename(dataDir, before);
  await mkdir(dataDir);
  await rename(join(before, 'store'), join(dataDir, 'store'));
  return before;
}

/** The backup with another content of one of its files. @returns the file */
export async function tampered(
  file: string,
  dir: string,
  name: string,
  change: (content: Buffer) => string | Buffer,
): Promise<string> {
  const folder = join(dir, `unpacked-${name}`);
  await mkdir(folder);
  await extract({ file, cwd: folder });
  const path = join(folder, name);
  await chmod(path, 0o600);
  await writeFile(path, change(await readFile(path)));
  const to = join(dir, `tampered-${name}.tar.gz`);
  await create({ file: to, cwd: folder, gzip: true }, ['.']);
  return to;
}
