import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../../../shared/io/package-root.js';

interface Block {
  /** On which kind of host it is to be run. */
  readonly on: 'coordinator' | 'server';
  readonly text: string;
}

/** The commands of `docs/install.md`, by the heading that they stand under; those without a host are for people only. */
export async function guide(): Promise<ReadonlyMap<string, readonly Block[]>> {
  const text = await readFile(join(packageRoot(), 'docs/install.md'), 'utf8');
  const sections = text.split(/^## (?:\d+\. )?/m).slice(1);
  return new Map(
    sections.map((section) => {
      const blocks = [...section.matchAll(/^```sh (coordinator|server)\n(.*?)^```$/gms)];
      const title = section.split('\n', 1)[0] ?? '';
      return [
        title,
        blocks.map(([, on, block = '']) => ({ on: on === 'server' ? 'server' : 'coordinator', text: block })),
      ];
    }),
  );
}
