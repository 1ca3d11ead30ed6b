import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { Attributes, CertificationRequest, CertificationRequestInfo } from '@peculiar/asn1-csr';
import { AsnConvert } from '@peculiar/asn1-schema';
import { SubjectPublicKeyInfo } from '@peculiar/asn1-x509';
import { CapstanError } from '../model/errors.js';
import { ecdsaWithSha256, named } from './names.js';

/** A request is a name, a key and a signature: a few hundred bytes. */
const maxRequestBytes = 4096;

/** A certificate request (PKCS #10, DER) for a key pair. */
export function makeRequest(name: string, privateKey: KeyObject): Buffer {
  const spki = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  const info = new CertificationRequestInfo({
    version: 0,
    subject: named(name),
    subjectPKInfo: AsnConvert.parse(spki, SubjectPublicKeyInfo),
    attributes: new Attributes(),
  });
  const signature = sign('sha256', Buffer.from(AsnConvert.serialize(info)), privateKey);
  const request = new CertificationRequest({
    certificationRequestInfo: info,
    signatureAlgorithm: ecdsaWithSha256(),
    signature: new Uint8Array(signature).buffer,
  });
  return Buffer.from(AsnConvert.serialize(request));
}

/**
 * The public key of a certificate request whose sender has the private one; all else that it says is left alone.
 * @throws CapstanError `invalid`
 */
export function keyOfRequest(request: Uint8Array): KeyObject {
  const key = request.length > maxRequestBytes ? undefined : readKey(request);
  if (key !== undefined) return key;
  throw new CapstanError('invalid', 'The certificate request is not sound.', {
    hint: 'It is to be PKCS #10 in DER, for an EC key on P-256, signed with it and SHA-256.',
  });
}

function readKey(request: Uint8Array): KeyObject | undefined {
  try {
    const parsed = AsnConvert.parse(request, CertificationRequest);
    const { certificationRequestInfo: info, certificationRequestInfoRaw: raw, signature } = parsed;
    const spki = Buffer.from(AsnConvert.serialize(info.subjectPKInfo));
    const key = createPublicKey({ key: spki, format: 'der', type: 'spki' });
    if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') return undefined;
    const signed = Buffer.from(raw ?? AsnConvert.serialize(info));
    return verify('sha256', signed, key, Buffer.from(signature)) ? key : undefined;
  } catch {
    return undefined; // whatever its bytes made the parsers throw
  }
}
