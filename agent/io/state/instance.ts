import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeDurably } from '../../../shared/io/durable-file.js';
import type { Random } from '../../../shared/ports/random.js';

/** A random name of this state directory, made once: tells a restarted agent from a second one of the same name. */
export async function readInstance(stateDir: string, random: Random): Promise<string> {
  const path = join(stateDir, 'instance');
  const known = (await readFile(path, 'utf8').catch(() => '')).trim();
  if (known !== '') return known;
  const fresh = random.hex(16);
  await writeDurably(path, `${fresh}\n`);
  return fresh;
}
