import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { CapstanError } from '../../../shared/model/errors.js';
import { type BuildDescription, parseBuildDescription } from '../../../shared/spec/build.js';
import { fingerprintOf } from './fingerprint.js';

const descriptionSuffix = '.build.yml';
const maxDescriptionBytes = 64 * 1024;

/** A build in the drop folder, at one look. */
export interface Drop {
  /** Of its description, without the suffix. */
  readonly name: string;
  readonly description: BuildDescription | CapstanError;
  /** How the description and what it speaks of look. */
  readonly fingerprint: string;
  /** What is missing and going to come, a sentence; '' if nothing is. */
  readonly lacks: string;
  /** When the description was last written, by the clock of the file system. Milliseconds since the epoch. */
  readonly writtenAt: number;
}

/** The builds in a folder, the oldest first. */
export async function dropsIn(folder: string): Promise<readonly Drop[]> {
  const drops: Drop[] = [];
  for (const name of dropNamesOf(await readdir(folder))) {
    const drop = await dropNamed(folder, name).catch((error: unknown) => unreadable(name, error));
    if (drop !== undefined) drops.push(drop);
  }
  return drops.sort((a, b) => a.writtenAt - b.writtenAt);
}

/** What cannot be looked at keeps nothing else from being published. */
const unreadable = (name: string, error: unknown): Drop => ({
  ...{ name, fingerprint: 'unreadable', lacks: '', writtenAt: 0 },
  description: notRead(`What ${nameOf(name)} speaks of`, error),
});

function notRead(what: string, cause: unknown): CapstanError {
  const { message } = CapstanError.from(cause);
  return new CapstanError('unavailable', `${what} cannot be read: ${message}`, {
    hint: "The coordinator's user must be able to read it. It is tried again by itself.",
    cause,
  });
}

/** The names of the builds that are described in a folder with these files. */
export const dropNamesOf = (files: readonly string[]): readonly string[] =>
  files
    .filter((file) => !file.startsWith('.') && file.endsWith(descriptionSuffix))
    .map((file) => file.slice(0, -descriptionSuffix.length));

/** Of the file that describes a build. */
export const nameOf = (drop: string): string => `${drop}${descriptionSuffix}`;

/** Undefined if it is gone by now. */
export async function dropNamed(folder: string, name: string): Promise<Drop | undefined> {
  const file = nameOf(name);
  const path = join(folder, file);
  const stats = await lstat(path).catch(() => undefined);
  const own = await fingerprintOf(path);
  if (stats === undefined || own === undefined) return undefined;
  const description = await describe(path, file, stats.isFile() ? stats.size : undefined);
  const writtenAt = stats.mtimeMs;
  if (description instanceof CapstanError) {
    return { name, description, fingerprint: own, lacks: '', writtenAt };
  }
  const source = join(folder, description.source);
  const its = await fingerprintOf(source);
  const size = its === undefined ? undefined : await lstat(source).then(sizeOf, () => undefined);
  const lacks = lackingOf(description, its === undefined ? undefined : (size ?? 0));
  return { name, description, fingerprint: `${own} ${its ?? ''}`, lacks, writtenAt };
}

/** @param found bytes; undefined: it is not there */
function lackingOf({ source, size = 0 }: BuildDescription, found: number | undefined): string {
  if (found === undefined) return `${source} is not there`;
  return found < size ? `${source} has ${String(found)} of the ${String(size)} bytes that it is to have` : '';
}

const sizeOf = (stats: { readonly size: number; isFile(): boolean }): number =>
  stats.isFile() ? stats.size : Number.POSITIVE_INFINITY;

/** @param size of the description; undefined: it is no file */
async function describe(
  path: string,
  file: string,
  size: number | undefined,
): Promise<BuildDescription | CapstanError> {
  if (size === undefined || size > maxDescriptionBytes) {
    const rule = `must be a file of at most ${String(maxDescriptionBytes / 1024)} KiB`;
    return new CapstanError('invalid', `The description of a build ${rule}.`, { location: { file } });
  }
  try {
    return parseBuildDescription(await readFile(path, 'utf8'), file);
  } catch (thrown) {
    return thrown instanceof CapstanError ? thrown : notRead(file, thrown);
  }
}

/**
 * The path of what is to be published, once it is what its description says.
 * @throws CapstanError `invalid`, or `corrupt` if it has another size or digest
 */
export async function checkedSource(
  folder: string,
  { source, size, sha256 }: BuildDescription,
): Promise<string> {
  const path = join(folder, source);
  const stats = await lstat(path);
  if (stats.isSymbolicLink()) {
    throw new CapstanError(
      'invalid',
      `${source} is a link; only what lies in the drop folder itself is read.`,
    );
  }
  if (size === undefined && sha256 === undefined) return path;
  if (!stats.isFile()) {
    throw new CapstanError('invalid', `${source} is a folder; size and sha256 are those of a tar file.`);
  }
  if (size !== undefined && stats.size !== size) {
    throw new CapstanError('corrupt', `${source} has ${String(stats.size)} bytes, not ${String(size)}.`);
  }
  if (sha256 !== undefined && (await digestOf(path)) !== sha256) {
    throw new CapstanError('corrupt', `${source} does not have the SHA-256 that its description says.`);
  }
  return path;
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
