import { renameSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncDir } from '../../../../shared/io/durable-file.js';

/** Whoever reads it finds the old content or the new one, unless the power fails: it is not waited for the disk. */
export function replaceFile(path: string, content: string): void {
  const temporary = `${path}.tmp`;
  writeFileSync(temporary, content, { mode: 0o600 });
  renameSync(temporary, path);
}

/** Puts a file that was replaced on disk for good. */
export async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
  await syncDir(dirname(path));
}
