import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../../../shared/io/package-root.js';

/** What stands for addresses and paths in the guide, and what is to be put there. */
export type Places = readonly (readonly [written: string, meant: string])[];

/**
 * A block of a guide as it stands there, but for addresses and paths.
 * @param head how one of its first two lines begins
 * @param file in `docs`
 */
export async function fromGuide(head: string, places: Places, file = 'load-balancers.md'): Promise<string> {
  const guide = await readFile(join(packageRoot(), 'docs', file), 'utf8');
  const blocks = [...guide.matchAll(/^```\w+\n(.*?)^```$/gms)].map(([, block = '']) => block);
  const found = blocks.find((block) => block.split('\n', 2).some((line) => line.startsWith(head)));
  if (found === undefined) throw new Error(`the guide has no block "${head}"`);
  return places.reduce((text, [written, meant]) => {
    if (!text.includes(written)) throw new Error(`the block "${head}" does not say ${written}`);
    return text.replaceAll(written, meant);
  }, found);
}
