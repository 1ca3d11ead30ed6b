import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { writeDurably } from '../../shared/io/durable-file.js';
import { CapstanError } from '../../shared/model/errors.js';

export interface AdminToken {
  /** Whether somebody has it. */
  accepts(token: string): boolean;
}

/**
 * The token that operators show, kept in a file that only the coordinator's own user can read; made if there is none.
 * @throws CapstanError `failed` if the file cannot be read, or holds nothing
 */
export async function openAdminToken(file: string): Promise<AdminToken> {
  const token = (await readIfThere(file)) ?? (await makeToken(file));
  if (token === '')
    throw new CapstanError('failed', `${file} is empty.`, { hint: 'Remove it to have a new token made.' });
  const kept = digestOf(token);
  return { accepts: (shown) => timingSafeEqual(digestOf(shown), kept) };
}

const digestOf = (token: string): Buffer => createHash('sha256').update(token).digest();

async function makeToken(file: string): Promise<string> {
  const token = `capstan_admin_${randomBytes(32).toString('hex')}`;
  await writeDurably(file, `${token}\n`, { mode: 0o600 });
  return token;
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CapstanError('failed', `${file} cannot be read: ${why}.`, { cause });
  }
}
