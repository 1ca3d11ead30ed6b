import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CapstanError } from '../model/errors.js';
import { hasCode } from './disk-full.js';

export interface S3Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string | undefined;
}

/** The process's environment, or what stands for it. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Files with credentials are small. Bytes. */
const maxFileBytes = 1024 * 1024;

/**
 * What AWS's own tools take them from: `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`, or the profile
 * `AWS_PROFILE` (`default`) of the file `AWS_SHARED_CREDENTIALS_FILE` (`~/.aws/credentials`). Undefined if there are none.
 * @throws CapstanError `refused` if what is named cannot be used
 */
export async function findS3Credentials(env: Environment): Promise<S3Credentials | undefined> {
  const accessKeyId = nonEmpty(env['AWS_ACCESS_KEY_ID']);
  const secretAccessKey = nonEmpty(env['AWS_SECRET_ACCESS_KEY']);
  if (accessKeyId !== undefined && secretAccessKey !== undefined) {
    return { accessKeyId, secretAccessKey, sessionToken: nonEmpty(env['AWS_SESSION_TOKEN']) };
  }
  if (accessKeyId !== undefined || secretAccessKey !== undefined) {
    throw new CapstanError('refused', 'of AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY only one is set', {
      hint: 'set both, or neither',
    });
  }
  return fromFile(env);
}

async function fromFile(env: Environment): Promise<S3Credentials | undefined> {
  const named = nonEmpty(env['AWS_SHARED_CREDENTIALS_FILE']);
  const home = nonEmpty(env['HOME']);
  const path = named ?? (home === undefined ? undefined : join(home, '.aws', 'credentials'));
  if (path === undefined) return undefined;
  const profile = nonEmpty(env['AWS_PROFILE']);
  let text: string;
  try {
    text = (await readFile(path)).subarray(0, maxFileBytes).toString();
  } catch (cause) {
    if (named === undefined && profile === undefined && hasCode(cause, 'ENOENT', 'ENOTDIR', 'EACCES')) {
      return undefined;
    }
    throw new CapstanError('refused', `the file with S3 credentials, ${path}, cannot be read`, {
      hint: 'AWS_SHARED_CREDENTIALS_FILE says where it is, AWS_PROFILE which part of it counts',
      cause,
    });
  }
  const values = profileIn(text, profile ?? 'default');
  const accessKeyId = values.get('aws_access_key_id');
  const secretAccessKey = values.get('aws_secret_access_key');
  if (accessKeyId !== undefined && secretAccessKey !== undefined) {
    return { accessKeyId, secretAccessKey, sessionToken: values.get('aws_session_token') };
  }
  if (named === undefined && profile === undefined) return undefined;
  throw new CapstanError('refused', `${path} has no keys in its profile "${profile ?? 'default'}"`, {
    hint: 'it needs aws_access_key_id and aws_secret_access_key; AWS_PROFILE names another profile',
  });
}

/** The keys of one section of an INI file. */
function profileIn(text: string, profile: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  let section = '';
  for (const line of text.split('\n')) {
    const [, name] = /^\s*\[\s*([^\]]*?)\s*\]/.exec(line) ?? [];
    const [, key, value] = /^\s*([a-z_]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (name !== undefined) section = name;
    else if (section === profile && key !== undefined && value !== undefined && value !== '') {
      values.set(key, value);
    }
  }
  return values;
}

const nonEmpty = (text: string | undefined): string | undefined => (text === '' ? undefined : text);
