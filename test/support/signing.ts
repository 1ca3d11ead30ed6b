import type { KeyObject } from 'node:crypto';
import type { AppName, PublicKey } from '../../shared/model/ids.js';
import type { ReleaseRef } from '../../shared/model/release.js';
import { generatePrivateKey, publicKeyOf, readPrivateKey } from '../../shared/signing/keys.js';
import { signStatement } from '../../shared/signing/sign.js';

/** A publisher's key. */
export interface SigningKey {
  readonly secret: KeyObject;
  readonly key: PublicKey;
}

export function newKey(): SigningKey {
  const secret = readPrivateKey(generatePrivateKey(), 'a test');
  return { secret, key: publicKeyOf(secret) };
}

/** The release with the signatures of these keys, as one of `app`. */
export function signed(release: ReleaseRef, keys: readonly SigningKey[], app = 'web' as AppName): ReleaseRef {
  const { version, digest } = release;
  const secrets = keys.map(({ secret }) => secret);
  return { ...release, envelope: signStatement({ application: app, version, digest }, secrets) };
}
