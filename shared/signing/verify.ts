import { verify } from 'node:crypto';
import { type Envelope, parseEnvelope, shortKeyId } from '../core/envelope.js';
import type { AppName, PublicKey } from '../model/ids.js';
import type { SigningRules, Trust } from '../model/node-rules.js';
import type { ReleaseRef } from '../model/release.js';
import { keyIdOf, verifyingKey } from './keys.js';
import { parseStatement, type Statement, signedBytes } from './statement.js';

/** What is to run, and what was given as its signature. */
export type Claim = Pick<ReleaseRef, 'version' | 'digest' | 'envelope'> & { readonly app: AppName };

/**
 * Whether a release is what its publishers signed. Nobody else is asked.
 * @returns why it may not run, a sentence; '' if it may
 */
export function refusalOf(claim: Claim, { trust, allowUnsigned = false }: SigningRules): string {
  const { envelope: text } = claim;
  const what = nameOf(claim);
  if (text === undefined) {
    if (allowUnsigned) return '';
    if (trust !== undefined)
      return `${what} is not signed, and this node runs only signed releases of ${claim.app}`;
    return `${what} is not signed, and this node neither trusts a key for ${claim.app} nor allows unsigned releases`;
  }
  if (trust === undefined) {
    return allowUnsigned ? '' : `${what} is signed, but this node trusts no key for ${claim.app}`;
  }
  const envelope = parseEnvelope(text);
  if (typeof envelope === 'string') return `the signature of ${what} cannot be read: ${envelope}`;
  return statementFault(claim, envelope) ?? signatureFault(claim, envelope, trust) ?? '';
}

/**
 * What is stated is about something else.
 * @returns a sentence; undefined: it is about this release
 */
export function statementFault(claim: Claim, { payload }: Envelope): string | undefined {
  const statement = parseStatement(Buffer.from(payload, 'base64'));
  const what = nameOf(claim);
  if (statement === undefined)
    return `the signature of ${what} cannot be read: its statement is not one of a release`;
  return otherwise(claim, statement);
}

function otherwise(claim: Claim, { application, version, digest }: Statement): string | undefined {
  const what = nameOf(claim);
  if (application !== claim.app)
    return `the signature given with ${what} is for another application, ${application}`;
  if (version !== claim.version) return `the signature given with ${what} is for another version, ${version}`;
  if (digest === claim.digest) return undefined;
  return `the signature of ${what} is for other content (${short(digest)}) than what is to run (${short(claim.digest)})`;
}

/** Each trusted key counts once, and only for a signature that says that it is by this key. */
function signatureFault(claim: Claim, envelope: Envelope, { keys, threshold }: Trust): string | undefined {
  const trusted = keys.map((key) => ({ key, id: keyIdOf(key) }));
  const body = signedBytes(Buffer.from(envelope.payload, 'base64'));
  const valid = trusted.filter(({ key, id }) =>
    envelope.signatures.some(({ keyid, sig }) => keyid === id && isSignature(key, body, sig)),
  );
  if (valid.length >= threshold) return undefined;
  const what = nameOf(claim);
  const ids = envelope.signatures.map(({ keyid }) => keyid);
  const known = trusted.filter(({ id }) => ids.includes(id));
  const broken = known.filter((each) => !valid.includes(each));
  if (broken.length > 0) {
    return `the signature of ${what} by key ${list(broken)} is not one: it, or what it signs, was changed`;
  }
  if (valid.length === 0) {
    const strangers = [...new Set(ids)].map((id) => ({ id }));
    return `${what} is signed by key ${list(strangers)}, which this node does not trust (any more); it trusts ${list(trusted)}`;
  }
  const twice = ids.length > new Set(ids).size ? '; a key that signed twice counts once' : '';
  return `${what} is signed by ${valid.length} of the ${threshold} trusted keys that this node asks for (${list(valid)})${twice}`;
}

function isSignature(key: PublicKey, body: Buffer, sig: string): boolean {
  try {
    return verify(null, body, verifyingKey(key), Buffer.from(sig, 'base64'));
  } catch {
    return false; // the key is not a point of the curve
  }
}

const nameOf = ({ app, version }: Claim): string => `${app} ${version}`;
const short = (digest: string): string => digest.slice(0, 'sha256:'.length + 12);
const list = (keys: readonly { readonly id: string }[]): string =>
  keys.map(({ id }) => shortKeyId(id)).join(', ');
