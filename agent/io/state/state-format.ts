import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeDurably } from '../../../shared/io/durable-file.js';
import { CapstanError } from '../../../shared/model/errors.js';

/** Of all that lies in the state directory together. Agents before there was a mark wrote this one. */
const stateFormat = 1;

/**
 * What another version of the agent wrote is never guessed at. A directory without a mark gets one; that the disk does
 * not take it stops nothing, for none means the same.
 * @throws CapstanError `failed` if the directory is of a format that this version does not know
 */
export async function checkStateFormat(
  stateDir: string,
  onUnmarked: (error: unknown) => void,
): Promise<void> {
  const path = join(stateDir, 'format');
  const found = await readMark(path);
  if (found === undefined) await writeDurably(path, `${stateFormat}\n`).catch(onUnmarked);
  else if (found !== String(stateFormat)) throw otherFormat(stateDir, found);
}

async function readMark(path: string): Promise<string | undefined> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function otherFormat(stateDir: string, found: string): CapstanError {
  const isNumber = /^[0-9]{1,6}$/.test(found);
  const message = isNumber
    ? `The state directory ${stateDir} is of format ${found}, and this version of the agent knows ${stateFormat}.`
    : `${join(stateDir, 'format')} does not say which format the state directory is of.`;
  return new CapstanError('failed', message, {
    hint: isNumber
      ? 'Run the version that wrote it, or a newer one; what the applications serve goes on meanwhile.'
      : `Restore the file; version 0.1 writes ${stateFormat}.`,
  });
}
