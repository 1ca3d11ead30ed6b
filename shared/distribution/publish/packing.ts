import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Hex } from '../../release/digest.js';
import { encodeLayout, type Layout, type Pack, parseLayout } from '../../release/layout.js';
import { buildPack } from '../../release/pack.js';
import { checkUnchanged, type TreeSnapshot } from '../../release/tree.js';
import { type WorkDir, workFiles } from './work-dir.js';

export interface Packed {
  /** undefined if earlier packs have all that is needed. */
  readonly pack: Pack | undefined;
  /** Where the pack's bytes are. */
  readonly file: string;
  readonly layout: Layout;
  readonly layoutText: Buffer;
}

interface PackingOptions {
  readonly base: Layout | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress: (done: number, total: number) => void;
}

/**
 * Packs a tree, or takes what an interrupted run has packed of the same tree on the same base.
 * @param baseHex name of the base's layout
 * @throws CapstanError `conflict` if the tree is not what it was any more
 */
export async function packTree(
  tree: TreeSnapshot,
  manifestHex: Hex,
  baseHex: Hex | undefined,
  workDir: WorkDir,
  { base, signal, onProgress }: PackingOptions,
): Promise<Packed> {
  const note = `${manifestHex} on ${baseHex ?? 'none'}\n`;
  if (await workDir.takeOver(note)) {
    const known = await readPacked(workDir.path, manifestHex, signal);
    if (known !== undefined) return known;
  }
  const file = join(workDir.path, workFiles.pack);
  const { pack, layout } = await buildPack(tree, manifestHex, file, { base, signal, onProgress });
  checkUnchanged(tree);
  const layoutText = encodeLayout(layout);
  await writeFile(join(workDir.path, workFiles.layout), layoutText);
  await writeFile(join(workDir.path, workFiles.note), note);
  return { pack, file, layout, layoutText };
}

/** What is there may have been cut off at any point: undefined unless the pack is what the layout says. */
async function readPacked(
  folder: string,
  manifestHex: Hex,
  signal: AbortSignal | undefined,
): Promise<Packed | undefined> {
  try {
    const layoutText = await readFile(join(folder, workFiles.layout));
    const layout = parseLayout(layoutText);
    const file = join(folder, workFiles.pack);
    const { hex, size } = await digestOfFile(file, signal);
    const pack = layout.packs.find((listed) => listed.hex === hex && listed.size === size);
    if (layout.manifest === manifestHex && (pack !== undefined || size === 0)) {
      return { pack, file, layout, layoutText };
    }
  } catch (error) {
    if (signal?.aborted === true) throw error;
  }
  for (const file of Object.values(workFiles)) await rm(join(folder, file), { force: true });
  return undefined;
}

async function digestOfFile(
  file: string,
  signal: AbortSignal | undefined,
): Promise<{ hex: Hex; size: number }> {
  const hash = createHash('sha256');
  let size = 0;
  const options = { highWaterMark: 1024 * 1024, ...(signal === undefined ? {} : { signal }) };
  for await (const chunk of createReadStream(file, options) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    size += chunk.length;
  }
  return { hex: hash.digest('hex'), size };
}
