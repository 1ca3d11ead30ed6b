import { payloadType } from '../core/envelope.js';
import {
  type AppName,
  type Digest,
  isAppName,
  isDigest,
  isReleaseVersion,
  type ReleaseVersion,
} from '../model/ids.js';

/** What is signed: that this content is this version of this application. */
export interface Statement {
  readonly application: AppName;
  readonly version: ReleaseVersion;
  /** Of the manifest: it covers every path, mode, size and content of the release, `capstan.yml` among them. */
  readonly digest: Digest;
}

export const encodeStatement = ({ application, version, digest }: Statement): Buffer =>
  Buffer.from(JSON.stringify({ application, version, digest }));

/** Undefined if it is none, or is not written as Capstan writes it. */
export function parseStatement(bytes: Buffer): Statement | undefined {
  const statement = read(bytes.toString('utf8'));
  return statement !== undefined && encodeStatement(statement).equals(bytes) ? statement : undefined;
}

function read(text: string): Statement | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { application, version, digest }: Readonly<Record<string, unknown>> = { ...value };
  if (typeof application !== 'string' || !isAppName(application)) return undefined;
  if (typeof version !== 'string' || !isReleaseVersion(version)) return undefined;
  if (typeof digest !== 'string' || !isDigest(digest)) return undefined;
  return { application, version, digest };
}

/** What a signature is over: DSSE's pre-authentication encoding, which leaves no doubt where one part ends. */
export function preAuthEncoding(type: string, body: Uint8Array): Buffer {
  const name = Buffer.from(type);
  return Buffer.concat([Buffer.from(`DSSEv1 ${name.length} `), name, Buffer.from(` ${body.length} `), body]);
}

/** What is signed of a statement in its envelope. */
export const signedBytes = (statement: Uint8Array): Buffer => preAuthEncoding(payloadType, statement);
