import type { Manifest } from '../../../shared/release/manifest.js';
import { indexFileOf, type ReleasePlace } from '../protocol.js';
import type { LocalRelease } from '../reuse/local-releases.js';
import type { LinksMade } from './links-made.js';
import { type IndexRecord, restless } from './tree-index.js';
import { writeIndex } from './write-index.js';

/**
 * Writes down how a release looks that was just staged, and how those look now that it was linked from. What was
 * written a moment ago is left to whoever looks next: it could change again and look the same.
 * @param nowMs milliseconds since the epoch
 */
export async function indexStaged(
  { recordFile }: Pick<ReleasePlace, 'recordFile'>,
  { entries }: Manifest,
  { releases, links, nowMs }: IndexSources,
): Promise<void> {
  const known = releases.map((release) => release.known());
  for (const tree of known) await tree.renew(links.renewed);
  const records = entries.map((entry): IndexRecord => {
    const mark = entry.kind === 'file' ? links.marks.get(entry.sha256) : undefined;
    return { path: entry.path, verdict: '=', mark: mark ?? restless };
  });
  const readMs = Math.min(nowMs, ...known.flatMap((tree) => tree.readMs ?? []));
  const root: IndexRecord = { path: '', verdict: '=', mark: restless };
  await writeIndex(indexFileOf(recordFile), { readMs, drift: null }, [root, ...records]);
}

interface IndexSources {
  /** What it was made of. */
  readonly releases: readonly LocalRelease[];
  readonly links: LinksMade;
  readonly nowMs: number;
}
