import type { KeyObject } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { CapstanError } from '../../../shared/model/errors.js';
import type { Session } from '../session.js';

/** No key comes near. */
const maxKeyBytes = 64 * 1024;

/**
 * The private keys to sign with.
 * @param files undefined: those that CAPSTAN_SIGN_KEY_FILE names, with commas between; none if it is not set
 * @throws CapstanError `invalid` that names the file
 */
export async function signingKeys(
  session: Session,
  files: readonly string[] | undefined,
): Promise<readonly KeyObject[]> {
  const named =
    files ?? (session.host.env['CAPSTAN_SIGN_KEY_FILE'] ?? '').split(',').filter((file) => file !== '');
  return Promise.all(named.map((file) => signingKey(session, file)));
}

/** Others who can read it can sign in its owner's name: that is said, for in a container it may be meant so. */
export async function signingKey(session: Session, file: string): Promise<KeyObject> {
  const { readPrivateKey } = await import('../../../shared/signing/keys.js');
  const stats = await stat(file).catch((cause: unknown) => {
    throw unreadable(file, cause);
  });
  if (!stats.isFile() || stats.size > maxKeyBytes) throw unreadable(file, undefined);
  const pem = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw unreadable(file, cause);
  });
  if ((stats.mode & 0o077) !== 0)
    session.remark(`warning: others can read ${file}; chmod 600 keeps it yours`);
  return readPrivateKey(pem, file);
}

function unreadable(file: string, cause: unknown): CapstanError {
  const code = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
  return new CapstanError('invalid', `The key ${file} cannot be read${code}.`, {
    hint: 'Name the file of a private key; `capstan key generate FILE` makes one.',
    cause,
  });
}
