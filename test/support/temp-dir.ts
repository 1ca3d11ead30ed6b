import { chmod, mkdtemp, readdir, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cleanUp } from './cleanup.js';
import { killProcessesIn } from './processes.js';

/** A new empty folder, removed after the test together with every process that still works in it. */
export async function tempDir(): Promise<string> {
  const dir = await realpath(await mkdtemp(join(tmpdir(), 'capstan-test-')));
  cleanUp(async () => {
    await killProcessesIn(dir);
    await removeTree(dir);
  });
  return dir;
}

/** `rm -rf` that also removes what lies in read-only folders, which releases are. */
export async function removeTree(dir: string): Promise<void> {
  try {
    await rm(dir, { recursive: true, force: true, maxRetries: 5 });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && (error.code === 'EACCES' || error.code === 'EPERM'))) {
      throw error;
    }
    await makeWritable(dir);
    await rm(dir, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function makeWritable(dir: string): Promise<void> {
  await chmod(dir, 0o700);
  for (const entry of await readdir(dir, { withFileTypes: true })) {
    if (entry.isDirectory()) await makeWritable(join(dir, entry.name));
  }
}
