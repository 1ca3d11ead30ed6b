import { constants } from 'node:fs';
import { open, rm, writeFile } from 'node:fs/promises';

/**
 * The content of a file that an earlier run has left; undefined if there is none. Whatever else may be in its place is
 * neither followed nor waited for.
 */
export async function readKept(path: string): Promise<Buffer | undefined> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const file = await open(path, flags).catch(() => undefined);
  if (file === undefined) return undefined;
  try {
    return (await file.stat()).isFile() ? await file.readFile() : undefined;
  } catch {
    return undefined; // it cannot be read, and is had from elsewhere
  } finally {
    await file.close();
  }
}

/** Keeps a file for later runs, in place of whatever is there. */
export async function writeKept(path: string, bytes: Buffer): Promise<void> {
  await rm(path, { recursive: true, force: true });
  await writeFile(path, bytes, { flag: 'wx' });
}
