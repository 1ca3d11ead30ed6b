import { readFile } from 'node:fs/promises';
import { CapstanError } from '../../shared/model/errors.js';
import { type ReleaseRecord, releaseRecordSchema } from './protocol.js';

/**
 * Reads the record of a staged release; undefined if there is none.
 * @throws CapstanError `corrupt` if it is not what a stager wrote
 */
export async function readReleaseRecord(recordFile: string): Promise<ReleaseRecord | undefined> {
  let text: string;
  try {
    text = await readFile(recordFile, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return releaseRecordSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new CapstanError('corrupt', `${recordFile} is not the record of a staged release`, { cause });
  }
}
