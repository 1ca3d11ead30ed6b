import { lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeDurably } from '../../../shared/io/durable-file.js';
import { CapstanError } from '../../../shared/model/errors.js';
import { sha256 } from '../../../shared/release/digest.js';
import { type Drop, dropNamed, dropNamesOf, nameOf } from './drop.js';

const publishedSuffix = '.published.json';
const refusedSuffix = '.refused.json';
/** How long the files beside builds that say what became of them are kept. Milliseconds. */
const keptMs = 30 * 86_400_000;
/** A name takes 255 bytes at most, and what is written here needs room behind it. */
const maxNameBytes = 200;

/** The name of what is said of a build: its own, cut if there would be no room behind it. */
function outcomeName(name: string): string {
  const bytes = Buffer.from(name);
  if (bytes.length <= maxNameBytes) return name;
  return `${bytes.subarray(0, maxNameBytes - 20).toString()}~${sha256(bytes).slice(0, 8)}`;
}

const publishedPath = (folder: string, name: string): string =>
  join(folder, `${outcomeName(name)}${publishedSuffix}`);
const refusedPath = (folder: string, name: string): string =>
  join(folder, `${outcomeName(name)}${refusedSuffix}`);

/** Says that a build is published, and takes it away unless it was written anew meanwhile. */
export async function markPublished(folder: string, drop: Drop, outcome: object): Promise<void> {
  const { name, fingerprint, description } = drop;
  await writeDurably(publishedPath(folder, name), jsonText(outcome), { mode: 0o644 });
  await forgetRefused(folder, name);
  const now = await dropNamed(folder, name);
  if (now?.fingerprint !== fingerprint || description instanceof CapstanError) return;
  await rm(join(folder, nameOf(name)), { force: true });
  await rm(join(folder, description.source), { recursive: true, force: true });
}

/** Says why a build is not taken, and no longer that one of its name was. */
export async function markRefused(folder: string, name: string, error: CapstanError): Promise<void> {
  const { code, message, hint, location } = error;
  const text = jsonText({ error: { code, message, hint, location } });
  await writeDurably(refusedPath(folder, name), text, { mode: 0o644 });
  await rm(publishedPath(folder, name), { force: true });
}

/** Nothing is refused any more of what was taken, or taken away. */
export const forgetRefused = (folder: string, name: string): Promise<void> =>
  rm(refusedPath(folder, name), { force: true });

/**
 * Takes away what became of builds long ago, and of those that were taken away while nobody looked.
 * @param now milliseconds since the epoch
 */
export async function forgetOld(folder: string, now: number): Promise<void> {
  const files = await readdir(folder);
  const refused = new Set(dropNamesOf(files).map((name) => refusedPath(folder, name)));
  for (const name of files) {
    if (!name.endsWith(publishedSuffix) && !name.endsWith(refusedSuffix)) continue;
    const path = join(folder, name);
    const stats = await lstat(path).catch(() => undefined);
    const isOld = stats?.isFile() === true && now - stats.mtimeMs > keptMs;
    const isStale = stats?.isFile() === true && name.endsWith(refusedSuffix) && !refused.has(path);
    if (isOld || isStale) await rm(path, { force: true });
  }
}

const jsonText = (value: object): string => `${JSON.stringify(value, undefined, 2)}\n`;
