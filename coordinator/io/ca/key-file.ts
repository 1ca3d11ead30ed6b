import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { writeDurably } from '../../../shared/io/durable-file.js';
import { CapstanError } from '../../../shared/model/errors.js';

/** A new private key in a file that its owner alone may read. */
export async function makeKey(file: string): Promise<KeyObject> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  await writeDurably(file, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  return privateKey;
}

/**
 * Undefined if there is no such file.
 * @param ifDamaged what to do then
 * @throws CapstanError `failed` if it is damaged, `invalid` if others can read it
 */
export function readKey(file: string, ifDamaged: string): KeyObject | undefined {
  const pem = readIfThere(file);
  if (pem === undefined) return undefined;
  if ((statSync(file).mode & 0o077) !== 0) {
    throw new CapstanError('invalid', `${file} can be read by others than its owner.`, {
      hint: `Who has it can be taken for the coordinator: \`chmod 600 ${file}\`, and think of who may have read it.`,
    });
  }
  try {
    return createPrivateKey(pem);
  } catch (cause) {
    throw damaged(file, ifDamaged, cause);
  }
}

export const damaged = (file: string, hint: string, cause: unknown): CapstanError =>
  new CapstanError('failed', `${file} is damaged.`, { hint, cause });

/** @throws CapstanError `failed` if it is there and cannot be read */
export function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CapstanError('failed', `${file} cannot be read: ${why}.`, { cause });
  }
}
