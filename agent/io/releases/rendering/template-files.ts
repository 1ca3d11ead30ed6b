import { constants, existsSync } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { CapstanError } from '../../../../shared/model/errors.js';
import type { TemplateSpec } from '../../../../shared/model/release-spec.js';
import { parseTemplate, type Template } from '../../../core/template.js';

/** Templates are read into the agent's memory, one at a time. Bytes. */
const maxTemplateBytes = 512 * 1024;

/**
 * Reads a template of a release. It must lie in the release itself: what is shared belongs to the application, which
 * could make the agent read for it what it may not.
 * @throws CapstanError `invalid` with a sentence that names the template
 */
export async function readTemplate(release: string, { from }: TemplateSpec): Promise<Template> {
  try {
    if (!existsSync(join(release, from))) throw new CapstanError('invalid', 'the release has no such file');
    await stayInside(release, from);
    return parseTemplate(decode(await readWhole(join(release, from))));
  } catch (thrown) {
    const { message, location } = CapstanError.from(thrown);
    const line = location?.line === undefined ? '' : `:${location.line}`;
    throw new CapstanError('invalid', `the template ${from}${line} cannot be used: ${message}`);
  }
}

/** @throws CapstanError `invalid` if links lead a path out of a release */
async function stayInside(release: string, path: string): Promise<void> {
  const [root, place] = await Promise.all([realpath(release), realpath(join(release, path))]);
  if (place !== root && !place.startsWith(root + sep))
    throw new CapstanError('invalid', 'it is not in the release itself, but behind a link');
}

async function readWhole(path: string): Promise<Buffer> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const stats = await file.stat();
    if (!stats.isFile()) throw new CapstanError('invalid', 'it is no file');
    if (stats.size > maxTemplateBytes)
      throw new CapstanError(
        'invalid',
        `it has ${stats.size} bytes; at most ${maxTemplateBytes} are allowed`,
      );
    return await file.readFile();
  } finally {
    await file.close();
  }
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new CapstanError('invalid', 'it is not UTF-8');
  }
}
