import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import aws4 from 'aws4';
import { CapstanError } from '../model/errors.js';
import { bodyOf, defaultPatience, type Patience } from './http-body.js';
import { type HttpRequest, httpConnections, sendRequest } from './http-request.js';
import type { HttpRefusal } from './http-store.js';
import { type Environment, findS3Credentials, type S3Credentials } from './s3-credentials.js';
import { explainS3 } from './s3-errors.js';
import type { S3Location } from './s3-location.js';

/** Sends signed requests to the service a bucket is in. */
export interface S3Client {
  /** Signs and sends; any answer is an answer. */
  readonly send: (request: HttpRequest) => Promise<IncomingMessage>;
  readonly explain: (refusal: HttpRefusal) => CapstanError | undefined;
  /**
   * Sends, and reads the whole answer.
   * @throws CapstanError as S3 explains any status but those in `accept`
   */
  call(request: S3Call): Promise<S3Answer>;
}

export interface S3Call {
  readonly method: HttpRequest['method'];
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  /** Statuses that are answers, not refusals; 200 and 204 by default. */
  readonly accept?: readonly number[] | 'any';
  readonly signal?: AbortSignal | undefined;
}

export interface S3Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

/** The longest answer that is read: a page of a listing has at most 1000 keys. Bytes. */
const maxAnswerBytes = 4 * 1024 * 1024;
/** Credentials in files and variables change in a daemon's life. */
const credentialsForMs = 60_000;

export function s3Client(
  location: S3Location,
  env: Environment,
  maxConnections: number,
  patience: Patience = defaultPatience,
): S3Client {
  const connections = httpConnections(maxConnections);
  const region =
    location.region ?? nonEmpty(env['AWS_REGION']) ?? nonEmpty(env['AWS_DEFAULT_REGION']) ?? 'us-east-1';
  let known: { readonly at: number; readonly credentials: Promise<S3Credentials | undefined> } | undefined;
  let signed = false;
  const credentials = async (): Promise<S3Credentials | undefined> => {
    const now = performance.now();
    if (known === undefined || now - known.at > credentialsForMs) {
      known = { at: now, credentials: findS3Credentials(env) };
    }
    const found = await known.credentials;
    signed = found !== undefined;
    return found;
  };

  const transmit = async (request: HttpRequest, payload: Buffer): Promise<IncomingMessage> => {
    const found = await credentials();
    return sendRequest(connections, found === undefined ? request : sign(request, payload, found, region));
  };
  const explain = (refusal: HttpRefusal): CapstanError | undefined => explainS3(refusal, location, signed);

  return {
    send: (request) => transmit(request, nothing),
    explain,
    async call({ body = nothing, accept = [200, 204], ...request }) {
      const headers = { ...request.headers, 'content-length': String(body.length) };
      const stream = { stream: Readable.from([body], { objectMode: false }) };
      const sendsBody = request.method === 'PUT' || request.method === 'POST';
      const plain = { ...request, headers: sendsBody ? headers : (request.headers ?? {}) };
      const answer = await transmit(sendsBody ? { ...plain, body: stream } : plain, body);
      const status = answer.statusCode ?? 0;
      const text = await textOf(answer, request.url, request.signal, patience);
      if (accept === 'any' || accept.includes(status)) return { status, headers: answer.headers, text };
      throw (
        explain({ url: request.url, status, headers: answer.headers, body: text }) ??
        new CapstanError('failed', `${request.url} was answered with status ${status}`, {
          hint: `is there an S3 service at ${location.endpoint}? It does not answer as one`,
        })
      );
    },
  };
}

const nothing = Buffer.alloc(0);

/** What is signed is what is sent: the path and the query come back in the signer's spelling. */
function sign(
  request: HttpRequest,
  payload: Buffer,
  { accessKeyId, secretAccessKey, sessionToken }: S3Credentials,
  region: string,
): HttpRequest {
  const { origin, host, pathname, search } = new URL(request.url);
  const { headers = {}, path = '' } = aws4.sign(
    {
      service: 's3',
      region,
      host,
      method: request.method,
      path: `${pathname}${search}`,
      headers: {
        ...request.headers,
        'X-Amz-Content-Sha256': createHash('sha256').update(payload).digest('hex'),
      },
    },
    { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) },
  );
  const strings = Object.entries(headers).map(([name, value]) => [name, String(value)] as const);
  return { ...request, url: `${origin}${path}`, headers: Object.fromEntries(strings) };
}

async function textOf(
  answer: IncomingMessage,
  url: string,
  signal: AbortSignal | undefined,
  patience: Patience,
): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of bodyOf(answer, url, signal, patience)) {
    size += chunk.length;
    if (size > maxAnswerBytes) throw new CapstanError('failed', `${url} was answered with far too much`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size).toString();
}

const nonEmpty = (text: string | undefined): string | undefined => (text === '' ? undefined : text);
