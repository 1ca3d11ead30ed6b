import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { CapstanError } from '../model/errors.js';
import { type HttpRequest, httpConnections, sendRequest, transportError } from './http-request.js';
import { type ObjectKey, objectPath } from './object-key.js';
import type { ByteRange, CallOptions, Store } from './store.js';

export interface HttpStoreOptions {
  /** For uploads: sent as a bearer token. Empty: none. */
  readonly ticket?: string;
  readonly maxConnections?: number;
  /** Sends a request in place of this store: for one that wants every request signed. */
  readonly send?: (request: HttpRequest) => Promise<IncomingMessage>;
  /** What a refusal means, for a store with errors of its own; undefined: what its status says. */
  readonly explain?: (refusal: HttpRefusal) => CapstanError | undefined;
}

export interface HttpRefusal {
  readonly url: string;
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** The beginning of the answer's body. */
  readonly body: string;
}

/** How much of an unwanted answer's body is read for its message. */
const maxMessageBytes = 2000;

/** A store behind HTTP: any static server or CDN to read from, the coordinator's built-in one to write to as well. */
export function httpStore(base: string, options: HttpStoreOptions = {}): Store {
  const { ticket = '', explain = () => undefined } = options;
  const url = base.replace(/\/+$/, '');
  const send = options.send ?? sender(options.maxConnections ?? 4);
  const urlOf = (key: ObjectKey): string => `${url}/${objectPath(key)}`;
  const authorization: Readonly<Record<string, string>> =
    ticket === '' ? {} : { authorization: `Bearer ${ticket}` };

  return {
    url,

    async has(key, { signal } = {}) {
      const target = urlOf(key);
      const answer = await send({ method: 'HEAD', url: target, signal });
      if (answer.statusCode === 200 || answer.statusCode === 404) {
        answer.resume();
        return answer.statusCode === 200;
      }
      throw await refusal(answer, target, explain);
    },

    async get(key, maxBytes, { signal } = {}) {
      const target = urlOf(key);
      const answer = await send({ method: 'GET', url: target, signal });
      if (answer.statusCode !== 200) throw await refusal(answer, target, explain);
      const chunks: Buffer[] = [];
      let size = 0;
      for await (const chunk of bodyOf(answer, target, signal)) {
        size += chunk.length;
        if (size > maxBytes) throw new CapstanError('corrupt', `${target} is larger than it should be`);
        chunks.push(chunk);
      }
      return Buffer.concat(chunks, size);
    },

    async *getRange(key, range, { signal } = {}) {
      const target = urlOf(key);
      const headers = { range: `bytes=${range.offset}-${range.offset + range.length - 1}` };
      const answer = await send({ method: 'GET', url: target, headers, signal });
      if (answer.statusCode === 416) {
        answer.resume();
        throw new CapstanError('corrupt', `${target} is shorter than it should be`);
      }
      if (answer.statusCode !== 206 && answer.statusCode !== 200)
        throw await refusal(answer, target, explain);
      checkObjectSize(answer, range, target);
      const skip = answer.statusCode === 200 ? range.offset : partialSkip(answer, range, target);
      yield* cut(bodyOf(answer, target, signal), skip, range.length, target);
    },

    async put(key, source, options: CallOptions = {}) {
      const target = urlOf(key);
      if (await this.has(key, options)) return;
      const answer = await send({
        method: 'PUT',
        url: target,
        headers: {
          ...authorization,
          'content-type': 'application/octet-stream',
          'content-length': String(source.size),
        },
        body: { stream: Readable.from(source.open(), { objectMode: false }) },
        signal: options.signal,
      });
      if (answer.statusCode === 200 || answer.statusCode === 201 || answer.statusCode === 204)
        answer.resume();
      else throw await refusal(answer, target, explain);
    },
  };
}

/** The answer's body; a connection that breaks or falls silent in the middle is `unreachable`. */
async function* bodyOf(
  answer: IncomingMessage,
  url: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of answer as AsyncIterable<Buffer>) yield chunk;
  } catch (error) {
    throw transportError(error, url, signal);
  } finally {
    // Reading stopped early: the rest is not worth reading.
    if (!answer.complete) answer.destroy();
  }
}

/** Most servers say how large the whole object is: that of another size is another object. */
function checkObjectSize(answer: IncomingMessage, { objectSize }: ByteRange, url: string): void {
  const told =
    answer.statusCode === 200
      ? answer.headers['content-length']
      : /^bytes \d+-\d+\/(\d+)$/.exec(answer.headers['content-range'] ?? '')?.[1];
  if (told === undefined || Number(told) === objectSize) return;
  answer.destroy();
  throw new CapstanError('corrupt', `${url} has ${told} bytes instead of ${objectSize}`);
}

/** How many bytes of a 206 answer come before those asked for: none, unless the server rounds ranges. */
function partialSkip(answer: IncomingMessage, range: ByteRange, url: string): number {
  const first = /^bytes (\d+)-/.exec(answer.headers['content-range'] ?? '')?.[1];
  const skip = range.offset - Number(first ?? Number.NaN);
  if (skip >= 0) return skip;
  answer.destroy();
  throw new CapstanError('corrupt', `${url} was answered with another range than was asked for`);
}

/** Leaves `skip` bytes out, then hands on exactly `length`. */
async function* cut(
  chunks: AsyncIterable<Buffer>,
  skip: number,
  length: number,
  url: string,
): AsyncGenerator<Buffer> {
  let before = skip;
  let rest = length;
  for await (const chunk of chunks) {
    const piece = chunk.subarray(Math.min(before, chunk.length)).subarray(0, rest);
    before -= Math.min(before, chunk.length);
    rest -= piece.length;
    if (piece.length > 0) yield piece;
    if (rest === 0) return;
  }
  throw new CapstanError('corrupt', `${url} is shorter than it should be`);
}

/** Requests over a few connections that are kept open for a while. */
function sender(maxConnections: number): NonNullable<HttpStoreOptions['send']> {
  const connections = httpConnections(maxConnections);
  return (request) => sendRequest(connections, request);
}

async function refusal(
  answer: IncomingMessage,
  url: string,
  explain: NonNullable<HttpStoreOptions['explain']>,
): Promise<CapstanError> {
  let text = '';
  try {
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      text += chunk.toString();
      if (text.length > maxMessageBytes) break;
    }
  } catch {
    // The status says enough.
  }
  const known = explain({ url, status: answer.statusCode ?? 0, headers: answer.headers, body: text });
  return known ?? statusError(answer.statusCode, url, messageIn(text));
}

/** The `message` of a JSON answer, as the built-in store gives it; other servers' pages tell people nothing. */
function messageIn(text: string): string {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body !== 'object' || body === null || !('message' in body)) return '';
    return typeof body.message === 'string' ? body.message : '';
  } catch {
    return '';
  }
}

function statusError(status: number | undefined, url: string, message: string): CapstanError {
  const said = message === '' ? '' : `: ${message}`;
  switch (status) {
    case 404:
    case 410:
      return new CapstanError('notFound', `${url} is not in the store`);
    case 401:
    case 403:
      return new CapstanError('refused', `the store refuses ${url} (status ${status})${said}`);
    case 507:
      return new CapstanError('failed', `the store at ${new URL(url).origin} has no space left${said}`, {
        hint: 'free some space there and publish again; what is there already is not sent twice',
      });
    case 408:
    case 429:
    case 500:
    case 502:
    case 503:
    case 504:
      return new CapstanError('unreachable', `${url} was answered with status ${status}${said}`);
    default:
      return new CapstanError('failed', `${url} was answered with status ${status ?? 'none'}${said}`);
  }
}
