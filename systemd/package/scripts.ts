import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Product } from './layout.js';

/** The maintainer scripts of a package, as they lie in its folder. */
export async function maintainerScripts(name: Product['name']): Promise<Readonly<Record<string, string>>> {
  const dir = fileURLToPath(new URL(`./${name}/scripts/`, import.meta.url));
  const names = await readdir(dir);
  return Object.fromEntries(
    await Promise.all(
      names.sort().map(async (each) => [each, await readFile(`${dir}${each}`, 'utf8')] as const),
    ),
  );
}
