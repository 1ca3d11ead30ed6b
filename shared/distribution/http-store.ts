import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { CapstanError } from '../model/errors.js';
import { checkNoPage, checkObjectSize, discard, type Explain, partialSkip, refusal } from './http-answer.js';
import { bodyOf, defaultPatience, type Patience } from './http-body.js';
import { contextTrusting, type HttpRequest, httpConnections, sendRequest } from './http-request.js';
import { type ObjectKey, objectUrlPath } from './object-key.js';
import type { ByteRange, GetOptions, ObjectSource, RangeOptions, Store } from './store.js';

export type { HttpRefusal } from './http-answer.js';

export interface HttpStoreOptions {
  /** For uploads: sent as a bearer token. Empty: none. */
  readonly ticket?: string;
  /** Gets another ticket where an upload is refused for want of a good one: they end before a long publishing does. */
  readonly renewTicket?: (() => Promise<string>) | undefined;
  readonly maxConnections?: number;
  /** Certificates (PEM) of authorities that are believed beside the public ones. */
  readonly ca?: string | undefined;
  /** How much slowness is borne. */
  readonly patience?: Patience;
  /** Sends a request in place of this store: for one that wants every request signed. */
  readonly send?: (request: HttpRequest) => Promise<IncomingMessage>;
  /** What a refusal means, for a store with errors of its own; undefined: what its status says. */
  readonly explain?: Explain;
}

/** A connection that broke after so much is worth another at once. */
const worthResumingBytes = 16 * 1024;

/** A store behind HTTP: any static server or CDN to read from, the coordinator's built-in one to write to as well. */
export function httpStore(base: string, options: HttpStoreOptions = {}): Store {
  const { ticket = '', renewTicket, explain = () => undefined, patience = defaultPatience } = options;
  const url = base.replace(/\/+$/, '');
  const { silenceMs } = patience;
  const plainSend = options.send ?? sender(options.maxConnections ?? 4, options.ca);
  const send = (request: HttpRequest): Promise<IncomingMessage> => plainSend({ silenceMs, ...request });
  const urlOf = (key: ObjectKey): string => `${url}/${objectUrlPath(key)}`;
  let authorization = bearer(ticket);
  let ranges: boolean | undefined;
  const learn = ({ statusCode, headers }: IncomingMessage, asked: boolean): void => {
    if (statusCode === 206 || headers['accept-ranges'] === 'bytes') ranges = true;
    else if (statusCode === 200 && (asked || headers['accept-ranges'] === 'none')) ranges = false;
  };

  /** Reads from `had` bytes on, as far as the connection lasts; tells whether that was the end. */
  const readOn = async (
    target: string,
    had: Buffer[],
    maxBytes: number,
    { signal, onBytes }: GetOptions,
  ): Promise<boolean> => {
    const before = sizeOf(had);
    let size = before;
    const headers = size === 0 ? {} : { range: `bytes=${size}-` };
    const answer = await send({ method: 'GET', url: target, headers, signal });
    learn(answer, size > 0);
    if (answer.statusCode !== 200 && answer.statusCode !== 206) {
      throw await refusal(answer, target, explain, patience);
    }
    checkNoPage(answer, target);
    if (answer.statusCode === 206 && partialSkip(answer, size, target) !== 0) {
      answer.destroy();
      throw new CapstanError('corrupt', `${target} was answered with another range than was asked for`);
    }
    if (answer.statusCode === 200) had.length = size = 0;
    try {
      for await (const chunk of bodyOf(answer, target, signal, patience)) {
        size += chunk.length;
        if (size > maxBytes) throw new CapstanError('corrupt', `${target} is larger than it should be`);
        had.push(chunk);
        await onBytes?.(chunk.length);
      }
      return true;
    } catch (error) {
      // More than ever before, that is: what has no ranges begins from the beginning each time.
      const isWorthIt = size - before >= worthResumingBytes;
      if (CapstanError.from(error).code === 'unreachable' && isWorthIt) return false;
      throw error;
    }
  };

  const put: Store['put'] = async (key, source, { signal, onResume } = {}) => {
    const target = urlOf(key);
    for (let isFirst = true; ; isFirst = false) {
      const there = await send({ method: 'HEAD', url: target, headers: authorization, signal });
      if (there.statusCode !== 200 && there.statusCode !== 404)
        throw await refusal(there, target, explain, patience);
      there.resume(); // without a body
      if (there.statusCode === 200) return;
      const from = offsetOf(there, source.size);
      if (from > 0) onResume?.(from);
      const answer = await send({
        method: 'PUT',
        url: target,
        headers: { ...authorization, ...lengthHeaders(from, source.size) },
        body: { stream: Readable.from(bytesFrom(source, from), { objectMode: false }) },
        signal,
      });
      const { statusCode = 0 } = answer;
      if (statusCode === 200 || statusCode === 201 || statusCode === 204) {
        discard(answer);
        return;
      }
      // What was there did not belong to it, or is somebody else's now.
      const isFutile = from > 0 && (statusCode === 400 || statusCode === 409);
      if (!isFutile || !isFirst) throw await refusal(answer, target, explain, patience);
      answer.destroy();
      onResume?.(0);
    }
  };

  return {
    url,
    sendsRanges: () => ranges,

    async has(key, { signal } = {}) {
      const target = urlOf(key);
      const answer = await send({ method: 'HEAD', url: target, signal });
      learn(answer, false);
      if (answer.statusCode === 200 || answer.statusCode === 404) {
        answer.resume(); // without a body
        return answer.statusCode === 200;
      }
      throw await refusal(answer, target, explain, patience);
    },

    async get(key, maxBytes, getOptions = {}) {
      const had: Buffer[] = [];
      while (!(await readOn(urlOf(key), had, maxBytes, getOptions)));
      return Buffer.concat(had);
    },

    async *getRange(key, range, { signal, onWhole }: RangeOptions = {}) {
      const target = urlOf(key);
      const headers = { range: `bytes=${range.offset}-${range.offset + range.length - 1}` };
      const answer = await send({ method: 'GET', url: target, headers, signal });
      if (answer.statusCode !== 206 && answer.statusCode !== 200)
        throw await refusal(answer, target, explain, patience);
      checkNoPage(answer, target);
      checkObjectSize(answer, range, target);
      learn(answer, true);
      const body = bodyOf(answer, target, signal, patience);
      const whole = answer.statusCode === 200;
      if (whole && onWhole !== undefined) {
        onWhole();
        yield* cut(body, 0, range.objectSize, answer, target);
      } else {
        const skip = whole ? range.offset : partialSkip(answer, range.offset, target);
        yield* cut(body, skip, range.length, answer, target);
      }
    },

    async put(...args) {
      try {
        await put(...args);
      } catch (error) {
        if (renewTicket === undefined || CapstanError.from(error).code !== 'refused') throw error;
        authorization = bearer(await renewTicket());
        await put(...args);
      }
    },
  };
}

const bearer = (ticket: string): Readonly<Record<string, string>> =>
  ticket === '' ? {} : { authorization: `Bearer ${ticket}` };

/** How much the built-in store says that it has of an upload that broke off; nothing is made of what makes no sense. */
function offsetOf({ headers }: IncomingMessage, size: number): number {
  const told = headers['upload-offset'];
  const offset = typeof told === 'string' && /^\d{1,15}$/.test(told) ? Number(told) : 0;
  return offset < size ? offset : 0;
}

const lengthHeaders = (from: number, size: number): Readonly<Record<string, string>> => ({
  'content-type': 'application/octet-stream',
  'content-length': String(size - from),
  ...(from === 0 ? {} : { 'content-range': `bytes ${from}-${size - 1}/${size}` }),
});

async function* bytesFrom(source: ObjectSource, from: number): AsyncGenerator<Buffer> {
  let skip = from;
  for await (const chunk of source.open()) {
    const left = chunk.subarray(skip);
    skip = Math.max(0, skip - chunk.length);
    if (left.length > 0) yield left;
  }
}

const sizeOf = (pieces: readonly Buffer[]): number => pieces.reduce((sum, piece) => sum + piece.length, 0);

/** Leaves `skip` bytes out, then hands on exactly `length`. */
async function* cut(
  chunks: AsyncIterable<Buffer>,
  skip: number,
  length: ByteRange['length'],
  answer: IncomingMessage,
  url: string,
): AsyncGenerator<Buffer> {
  const told = answer.headers['content-length'];
  // Read to its end, an answer leaves its connection free for the next request.
  const endsThere = told !== undefined && Number(told) === skip + length;
  let before = skip;
  let rest = length;
  for await (const chunk of chunks) {
    const piece = chunk.subarray(Math.min(before, chunk.length)).subarray(0, rest);
    before -= Math.min(before, chunk.length);
    rest -= piece.length;
    if (piece.length > 0) yield piece;
    if (rest === 0 && !endsThere) return;
  }
  if (rest === 0) return;
  // A server may send less of a range than it was asked for; the rest is asked for again.
  const some = answer.statusCode === 206 && rest < length;
  throw some
    ? new CapstanError('unreachable', `${url} was sent only in part`)
    : new CapstanError('corrupt', `${url} is shorter than it should be`);
}

/** Requests over a few connections that are kept open for a while. */
function sender(maxConnections: number, ca?: string): (request: HttpRequest) => Promise<IncomingMessage> {
  const trust = ca === undefined ? undefined : () => ({ secureContext: contextTrusting(ca) });
  const connections = httpConnections(maxConnections, trust);
  return (request) => sendRequest(connections, request);
}
