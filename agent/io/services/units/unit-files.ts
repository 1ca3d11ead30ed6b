import { existsSync, readdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { writeDurably } from '../../../../shared/io/durable-file.js';
import { CapstanError } from '../../../../shared/model/errors.js';
import { unitText } from '../systemd/environment-file.js';

/** What systemd is given to read: path → content. */
export type UnitFiles = ReadonlyMap<string, string>;

/** By its first line a file is known again as Capstan's, whatever became of the agent's notes. */
const mark = '# Written by Capstan';

export interface ShippedUnit {
  readonly content: string;
  /** Whom the node has it run as. */
  readonly user: string;
}

interface UnitFilesWanted {
  /** Usually /etc/systemd/system. */
  readonly unitDir: string;
  readonly unit: string;
  readonly environmentFile: string;
  /** The unit that comes with the release, and whom the node has it run as. */
  readonly shipped: ShippedUnit | undefined;
}

/**
 * The files that a unit needs so as to run for Capstan: one that names its values beside whatever else the host says about
 * it, and, if the release brings the unit, the unit itself. The host's own drop-ins come later in the alphabet and win.
 */
export function unitFiles({ unitDir, unit, environmentFile, shipped }: UnitFilesWanted): UnitFiles {
  const head = `${mark}, and again with the next release: change a drop-in of another name instead.\n`;
  const user = shipped === undefined || shipped.user === 'root' ? '' : `User=${unitText(shipped.user)}\n`;
  const dropIn = `${head}[Service]\nEnvironmentFile=${unitText(environmentFile)}\n${user}`;
  const files = new Map([[join(unitDir, `${unit}.d`, '10-capstan.conf'), dropIn]]);
  if (shipped !== undefined) files.set(join(unitDir, unit), `${head}${shipped.content}`);
  return files;
}

/** True if there is such a file, and Capstan did not write it. */
export function isOthers(path: string): boolean {
  const content = contentOf(path);
  return content === undefined ? existsSync(path) : !content.startsWith(mark);
}

/** True if every file is there as it is to be, and none that was written before is to go. */
export const areWritten = (files: UnitFiles, before: readonly string[]): boolean =>
  before.every((path) => files.has(path)) &&
  [...files].every(([path, content]) => contentOf(path) === content);

/** Makes the folder what it is to be; systemd must read its units again then. */
export async function writeUnitFiles(files: UnitFiles, before: readonly string[]): Promise<void> {
  for (const path of before) if (!files.has(path)) removeUnitFile(path);
  for (const [path, content] of files) {
    if (contentOf(path) === content) continue;
    removeHalfWritten(path);
    if (isOthers(path)) {
      throw new CapstanError('refused', `${path} is there already, and was not written by Capstan`);
    }
    await writeDurably(path, content, { mode: 0o644 }).catch((error: unknown) => {
      const why = error instanceof Error ? error.message : String(error);
      const hint = `if it is the agent's own sandbox, add ReadWritePaths=${dirname(dirname(path))} to it`;
      throw new CapstanError('failed', `${path} cannot be written: ${why} (${hint})`);
    });
  }
}

/** Removes what Capstan wrote, and nobody else's. */
export function removeUnitFile(path: string): void {
  removeHalfWritten(path);
  if (!existsSync(path) || isOthers(path)) return;
  rmSync(path);
  try {
    if (path.endsWith('.conf')) rmdirSync(dirname(path));
  } catch {
    // The host has drop-ins of its own beside ours.
  }
}

/** What an agent that was killed has left beside a file: systemd does not read it, but it keeps the folder. */
function removeHalfWritten(path: string): void {
  const [folder, start] = [dirname(path), `${basename(path)}.`];
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    const isOurs = name.startsWith(start) && /^[0-9a-f]{12}\.tmp$/.test(name.slice(start.length));
    if (isOurs) rmSync(join(folder, name), { force: true });
  }
}

function contentOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
