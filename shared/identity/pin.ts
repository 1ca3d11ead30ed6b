import { createHash, type KeyObject, type X509Certificate } from 'node:crypto';
import { isDigest } from '../model/ids.js';

/** What a certificate authority is known by: the SHA-256 of its public key, which stays when its certificate changes. */
export const pinOf = (certificate: X509Certificate): string => pinOfKey(certificate.publicKey);

/** Of a public key. */
export const pinOfKey = (key: KeyObject): string =>
  `sha256:${createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex')}`;

/** A pin as curl and Wget take it: `--pinnedpubkey`. */
export const pinForCurl = (pin: string): string =>
  `sha256//${Buffer.from(pin.slice('sha256:'.length), 'hex').toString('base64')}`;

export const isPin = isDigest;

export const pinRule = 'sha256: and 64 hexadecimal digits, as `capstan ca show` prints it';
