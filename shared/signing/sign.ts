import { type KeyObject, sign } from 'node:crypto';
import { encodeEnvelope } from '../core/envelope.js';
import { keyIdOf, publicKeyOf } from './keys.js';
import { encodeStatement, type Statement, signedBytes } from './statement.js';

/** The envelope of a statement, with a signature by each key. */
export function signStatement(statement: Statement, keys: readonly KeyObject[]): string {
  const payload = encodeStatement(statement);
  const signatures = keys.map((key) => ({
    keyid: keyIdOf(publicKeyOf(key)),
    sig: sign(null, signedBytes(payload), key).toString('base64'),
  }));
  return encodeEnvelope({ payload: payload.toString('base64'), signatures });
}
