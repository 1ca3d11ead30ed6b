import { maxEnvelopeBytes, maxSignatures } from '../model/release.js';

/**
 * A statement and who signed it, after DSSE (github.com/secure-systems-lab/dsse, version 1.0): the parts as they are
 * written. Whether a signature is one is not known here.
 */
export interface Envelope {
  /** Base64 of the statement. */
  readonly payload: string;
  readonly signatures: readonly Signature[];
}

interface Signature {
  /** SHA-256 of the public key's bytes: 64 hexadecimal digits. */
  readonly keyid: string;
  /** Base64 of 64 bytes. */
  readonly sig: string;
}

/** Says how to read the payload, and is signed with it. */
export const payloadType = 'application/vnd.capstan.release+json';

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$/;
const signature = /^[A-Za-z0-9+/]{85}[AQgw]==$/;

export const encodeEnvelope = ({ payload, signatures }: Envelope): string =>
  JSON.stringify({ payload, payloadType, signatures: signatures.map(({ keyid, sig }) => ({ keyid, sig })) });

/**
 * Parses what anybody may have written. There is one way to write an envelope, so that nothing in it is without meaning.
 * @returns what is wrong with it, as the end of a sentence, if it is not one
 */
export function parseEnvelope(text: string): Envelope | string {
  if (text.length > maxEnvelopeBytes) return `it is longer than ${maxEnvelopeBytes} characters`;
  const value = parseJson(text);
  if (!isRecord(value)) return 'it is not JSON as an envelope is';
  if (value['payloadType'] !== payloadType) return `its payload is not of the type ${payloadType}`;
  const { payload, signatures } = value;
  if (typeof payload !== 'string' || !base64.test(payload)) return 'its payload is not Base64';
  if (!Array.isArray(signatures) || signatures.length === 0) return 'it has no signatures';
  if (signatures.length > maxSignatures) return `it has more than ${maxSignatures} signatures`;
  const found: Signature[] = [];
  for (const entry of signatures as readonly unknown[]) {
    if (!isSignature(entry)) return 'one of its signatures is not 64 bytes in Base64 with the id of a key';
    found.push(entry);
  }
  const envelope = { payload, signatures: found };
  return encodeEnvelope(envelope) === text ? envelope : 'it is not written as Capstan writes it';
}

/**
 * The signatures of both on what both state; of the same signature twice, one.
 * @returns why that cannot be, as the end of a sentence
 */
export function joinEnvelopes(known: Envelope, more: Envelope): Envelope | string {
  if (known.payload !== more.payload) return 'it was signed with another statement before';
  const fresh = more.signatures.filter(
    ({ keyid, sig }) => !known.signatures.some((other) => other.keyid === keyid && other.sig === sig),
  );
  const signatures = [...known.signatures, ...fresh];
  if (signatures.length > maxSignatures) return `it would have more than ${maxSignatures} signatures`;
  return { payload: known.payload, signatures };
}

/** SHA-256 of the bytes of a public key, in hexadecimal digits. */
export const isKeyId = (text: string): text is string => /^[0-9a-f]{64}$/.test(text);

/** Of a key or what it signed: enough of the id for people. */
export const shortKeyId = (id: string): string => id.slice(0, 16);

/** Who is said to have signed: the ids of keys, each once. Nothing of it was verified. */
export function signersOf(text: string | undefined): readonly string[] {
  const envelope = text === undefined ? '' : parseEnvelope(text);
  return typeof envelope === 'string' ? [] : [...new Set(envelope.signatures.map(({ keyid }) => keyid))];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

const isSignature = (value: unknown): value is Signature =>
  isRecord(value) &&
  typeof value['keyid'] === 'string' &&
  isKeyId(value['keyid']) &&
  typeof value['sig'] === 'string' &&
  signature.test(value['sig']);
