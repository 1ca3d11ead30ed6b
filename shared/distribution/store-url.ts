import { fileURLToPath } from 'node:url';
import { CapstanError } from '../model/errors.js';
import { parseS3Url } from './s3-location.js';

/**
 * What is wrong with the base URL of a store, as words that go on from what it is called; undefined: nothing. Nothing of
 * the URL is repeated, since what is wrong may be a secret in it: the URL gets into logs, and nodes are told it.
 */
export function storeUrlProblem(text: string): string | undefined {
  if (!URL.canParse(text)) return `is not a URL; ${kinds}`;
  const { protocol, username, password, host, search, hash } = new URL(text);
  if (username !== '' || password !== '') return 'must not hold credentials: every node gets to see it';
  if (protocol === 's3:') return s3Problem(text);
  if (protocol !== 'http:' && protocol !== 'https:' && protocol !== 'file:') {
    return `is no store that this version knows; ${kinds}`;
  }
  if (search !== '' || hash !== '') return 'must end with its path: objects are found below it';
  if (protocol !== 'file:') return undefined;
  if (host !== '') return 'must not name a host: a file: store is on this machine';
  return text.slice('file:'.length).startsWith('/') && isPath(text)
    ? undefined
    : 'must be absolute, as in file:/absolute/path';
}

const kinds = 'give https://…, http://…, s3://bucket/prefix or file:/absolute/path';

/**
 * @param name what the URL is called, such as `--store`
 * @throws CapstanError `invalid`
 */
export function checkStoreUrl(name: string, text: string): void {
  const problem = storeUrlProblem(text);
  if (problem !== undefined) throw new CapstanError('invalid', `${name} ${problem}`);
}

/** The directory of a `file:` store, without a slash at its end; undefined for other stores. */
export const directoryOfStore = (url: string): string | undefined =>
  /^file:/i.test(url) ? fileURLToPath(url).replace(/(?<=.)\/+$/, '') : undefined;

function s3Problem(text: string): string | undefined {
  if (!text.slice('s3:'.length).startsWith('//')) {
    return 'needs two slashes before the bucket: s3://bucket/prefix';
  }
  try {
    parseS3Url(text);
    return undefined;
  } catch (thrown) {
    return `is not right: ${CapstanError.from(thrown).message}`;
  }
}

function isPath(url: string): boolean {
  try {
    fileURLToPath(url);
    return true;
  } catch {
    return false;
  }
}
