import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { CapstanError } from '../../shared/model/errors.js';
import { isAppName, isDigest, isReleaseVersion } from '../../shared/model/ids.js';
import type { ReleaseRecord } from './protocol.js';

/**
 * Reads the record of a staged release; undefined if there is none.
 * @throws CapstanError `corrupt` if it is not what a stager wrote
 */
export async function readReleaseRecord(recordFile: string): Promise<ReleaseRecord | undefined> {
  let text: string;
  try {
    text = await readRegularFile(recordFile);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  const record = parse(text);
  if (isReleaseRecord(record)) return record;
  throw new CapstanError('corrupt', `${recordFile} is not the record of a staged release`);
}

/** Anything but a regular file is empty: nothing else is followed or waited for. */
async function readRegularFile(path: string): Promise<string> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    return (await file.stat()).isFile() ? await file.readFile('utf8') : '';
  } finally {
    await file.close();
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Written by this package and replaced as a whole: enough is looked at to tell it from anything else. */
function isReleaseRecord(value: unknown): value is ReleaseRecord {
  if (!isObject(value) || value['format'] !== 1 || !holds(value['app'], isAppName)) return false;
  const { release, spec } = value;
  if (!isObject(release) || !isObject(spec)) return false;
  return holds(release['version'], isReleaseVersion) && holds(release['digest'], isDigest);
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
const holds = (value: unknown, rule: (text: string) => boolean): boolean =>
  typeof value === 'string' && rule(value);
