import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { CapstanError } from '../model/errors.js';
import type { PublicKey } from '../model/ids.js';
import { type Hex, sha256 } from '../release/digest.js';

const scheme = 'ed25519:';

/** A new private key: PKCS#8 in PEM. */
export const generatePrivateKey = (): string =>
  generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

/**
 * @param file where it was read, for the sentence
 * @throws CapstanError `invalid` if it is not the private key that signing takes
 */
export function readPrivateKey(pem: string, file: string): KeyObject {
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch (cause) {
    throw new CapstanError('invalid', `There is no private key in ${file} that can be read.`, {
      hint: 'It must be PKCS#8 in PEM, without a passphrase, as `capstan key generate` makes it.',
      cause,
    });
  }
  if (key.asymmetricKeyType === 'ed25519') return key;
  throw new CapstanError(
    'invalid',
    `The key in ${file} is ${key.asymmetricKeyType ?? 'something else'}, not Ed25519.`,
    {
      hint: 'Make one with `capstan key generate`.',
    },
  );
}

/** What nodes are told to trust. */
export function publicKeyOf(key: KeyObject): PublicKey {
  const { x = '' } = createPublicKey(key).export({ format: 'jwk' });
  return `${scheme}${Buffer.from(x, 'base64url').toString('base64')}` as PublicKey;
}

export const keyIdOf = (key: PublicKey): Hex => sha256(bytesOf(key));

/** @throws if the bytes are not a point of the curve */
export const verifyingKey = (key: PublicKey): KeyObject =>
  createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: bytesOf(key).toString('base64url') },
    format: 'jwk',
  });

const bytesOf = (key: PublicKey): Buffer => Buffer.from(key.slice(scheme.length), 'base64');
