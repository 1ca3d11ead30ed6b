import { createPublicKey, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isIP } from 'node:net';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import {
  BasicConstraints,
  Certificate,
  ExtendedKeyUsage,
  Extension,
  Extensions,
  GeneralName,
  id_ce_basicConstraints,
  id_ce_extKeyUsage,
  id_ce_keyUsage,
  id_ce_subjectAltName,
  id_kp_clientAuth,
  id_kp_serverAuth,
  KeyUsage,
  KeyUsageFlags,
  SubjectAlternativeName,
  SubjectPublicKeyInfo,
  TBSCertificate,
  Validity,
  Version,
} from '@peculiar/asn1-x509';
import type { Validity as Dates } from '../../../shared/core/certificate-times.js';
import { identityUri } from '../../../shared/identity/identity-uri.js';
import { ecdsaWithSha256, named } from '../../../shared/identity/names.js';
import type { NodeName } from '../../../shared/model/ids.js';

/** What a certificate is for. */
export type Purpose =
  | { readonly kind: 'authority' }
  /** The coordinator, under these host names and addresses. */
  | { readonly kind: 'server'; readonly hosts: readonly string[] }
  /** A node; `identity` is that of its enrolment. */
  | { readonly kind: 'node'; readonly node: NodeName; readonly identity: string };

/** What all certificates of an authority have as their issuer. */
const authorityName = 'Capstan CA';

/** A certificate in DER. */
export function issue({
  purpose,
  publicKey,
  signingKey,
  dates,
}: {
  readonly purpose: Purpose;
  readonly publicKey: KeyObject;
  readonly signingKey: KeyObject;
  readonly dates: Dates;
}): Buffer {
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const tbs = new TBSCertificate({
    version: Version.v3,
    serialNumber: serialNumber(),
    signature: ecdsaWithSha256(),
    issuer: named(authorityName),
    validity: new Validity({ notBefore: new Date(dates.notBefore), notAfter: new Date(dates.notAfter) }),
    subject: named(subjectOf(purpose)),
    subjectPublicKeyInfo: AsnConvert.parse(spki, SubjectPublicKeyInfo),
    extensions: new Extensions(extensionsOf(purpose)),
  });
  const signature = sign('sha256', Buffer.from(AsnConvert.serialize(tbs)), signingKey);
  const certificate = new Certificate({
    tbsCertificate: tbs,
    signatureAlgorithm: ecdsaWithSha256(),
    signatureValue: new Uint8Array(signature).buffer,
  });
  return Buffer.from(AsnConvert.serialize(certificate));
}

/** An authority's certificate for its own key. */
export const issueAuthority = (key: KeyObject, dates: Dates): Buffer =>
  issue({ purpose: { kind: 'authority' }, publicKey: createPublicKey(key), signingKey: key, dates });

/** 126 random bits, and positive: the first byte is neither 0 nor above 0x7f. */
function serialNumber(): ArrayBuffer {
  const bytes = new Uint8Array(randomBytes(16));
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.buffer;
}

/**
 * A node's has a space in it: programs that find no host name in a certificate take its subject for one, and a node must not
 * be taken for a host that has its name.
 */
function subjectOf(purpose: Purpose): string {
  if (purpose.kind === 'authority') return authorityName;
  return purpose.kind === 'server' ? 'capstan-coordinator' : `node ${purpose.node}`;
}

function extensionsOf(purpose: Purpose): Extension[] {
  if (purpose.kind === 'authority') {
    return [
      extension(id_ce_basicConstraints, true, new BasicConstraints({ cA: true, pathLenConstraint: 0 })),
      extension(id_ce_keyUsage, true, new KeyUsage(KeyUsageFlags.keyCertSign)),
    ];
  }
  // A node serves other nodes, which know it by the name in its URI. It has no name of a host, so that it can be taken for
  // no other server.
  const usages = purpose.kind === 'server' ? [id_kp_serverAuth] : [id_kp_clientAuth, id_kp_serverAuth];
  const names =
    purpose.kind === 'server'
      ? purpose.hosts.map(hostName)
      : [new GeneralName({ uniformResourceIdentifier: identityUri(purpose) })];
  return [
    extension(id_ce_basicConstraints, true, new BasicConstraints({ cA: false })),
    extension(id_ce_keyUsage, true, new KeyUsage(KeyUsageFlags.digitalSignature)),
    extension(id_ce_extKeyUsage, true, new ExtendedKeyUsage(usages)),
    extension(id_ce_subjectAltName, false, new SubjectAlternativeName(names)),
  ];
}

const hostName = (host: string): GeneralName =>
  new GeneralName(isIP(host) === 0 ? { dNSName: host } : { iPAddress: host });

const extension = (extnID: string, critical: boolean, value: object): Extension =>
  new Extension({ extnID, critical, extnValue: new OctetString(AsnConvert.serialize(value)) });
