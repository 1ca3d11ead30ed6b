import { randomBytes } from 'node:crypto';
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const fileBytes = 2 * 1024 * 1024;
/** The share of the files that an update replaces: every tenth. */
const replacedEvery = 10;

export interface Trees {
  readonly v1: string;
  readonly v2: string;
  /** Bytes. */
  readonly size: number;
  readonly changed: number;
}

/** Writes about so many bytes that no compressor makes smaller, and the same with a tenth of the files replaced. */
export async function writeTrees(dir: string, megabytes: number): Promise<Trees> {
  const [v1, v2] = [join(dir, 'v1'), join(dir, 'v2')];
  const files = Math.max(replacedEvery, Math.round((megabytes * 1e6) / fileBytes));
  await mkdir(v1, { recursive: true });
  const nameOf = (index: number): string => `file-${String(index).padStart(4, '0')}`;
  for (let index = 0; index < files; index += 1)
    await writeFile(join(v1, nameOf(index)), randomBytes(fileBytes));
  await cp(v1, v2, { recursive: true });
  let changed = 0;
  for (let index = 0; index < files; index += replacedEvery) {
    await writeFile(join(v2, nameOf(index)), randomBytes(fileBytes));
    changed += fileBytes;
  }
  return { v1, v2, size: files * fileBytes, changed };
}
