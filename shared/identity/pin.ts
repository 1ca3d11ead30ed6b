import { createHash, type X509Certificate } from 'node:crypto';
import { isDigest } from '../model/ids.js';

/** What a certificate authority is known by: the SHA-256 of its public key, which stays when its certificate changes. */
export const pinOf = (certificate: X509Certificate): string =>
  `sha256:${createHash('sha256')
    .update(certificate.publicKey.export({ type: 'spki', format: 'der' }))
    .digest('hex')}`;

export const isPin = isDigest;

export const pinRule = 'sha256: and 64 hexadecimal digits, as `capstan ca show` prints it';
