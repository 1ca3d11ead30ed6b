import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { printable } from '../core/printable.js';
import { CapstanError } from '../model/errors.js';
import { bodyOf, type Patience } from './http-body.js';
import type { ByteRange } from './store.js';

export interface HttpRefusal {
  readonly url: string;
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** The beginning of the answer's body. */
  readonly body: string;
}

/** What a refusal means, for a store with errors of its own; undefined: what its status says. */
export type Explain = (refusal: HttpRefusal) => CapstanError | undefined;

/** How much of an unwanted answer's body is read for its message. */
const maxMessageBytes = 2000;
/** The most that a server is believed when it says how long to wait. */
const maxRetryAfterMs = 60_000;

/** Reads what is said about a refusal, and puts it into an error. */
export async function refusal(
  answer: IncomingMessage,
  url: string,
  explain: Explain,
  patience: Patience,
): Promise<CapstanError> {
  let body = '';
  try {
    for await (const chunk of bodyOf(answer, url, undefined, patience)) {
      body += chunk.toString();
      if (body.length > maxMessageBytes) break;
    }
  } catch {
    // The status says enough.
  }
  const { headers, statusCode: status = 0 } = answer;
  return explain({ url, status, headers, body }) ?? statusError(status, url, messageIn(body), headers);
}

/** The `message` of a JSON answer, as the built-in store gives it; other servers' pages tell people nothing. */
function messageIn(text: string): string {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body !== 'object' || body === null || !('message' in body)) return '';
    return typeof body.message === 'string' ? printable(body.message) : '';
  } catch {
    return '';
  }
}

function statusError(
  status: number,
  url: string,
  message: string,
  headers: IncomingHttpHeaders,
): CapstanError {
  const said = message === '' ? '' : `: ${message}`;
  switch (status) {
    case 404:
    case 410:
      return new CapstanError('notFound', `${url} is not in the store`);
    case 401:
    case 403:
      return new CapstanError('refused', `the store refuses ${url} (status ${status})${said}`);
    case 416:
      return new CapstanError('corrupt', `${url} is shorter than it should be`);
    case 507:
      return new CapstanError('failed', `the store at ${new URL(url).origin} has no space left${said}`, {
        hint: 'free some space there and publish again; what is there already is not sent twice',
      });
    case 408:
    case 429:
    case 500:
    case 502:
    case 503:
    case 504: {
      const retryAfterMs = retryAfter(headers['retry-after']);
      const details = retryAfterMs === undefined ? {} : { retryAfterMs };
      return new CapstanError('unreachable', `${url} was answered with status ${status}${said}`, details);
    }
    default:
      return new CapstanError('failed', `${url} was answered with status ${status || 'none'}${said}`);
  }
}

/** Only the form in seconds: the other one depends on two clocks. */
function retryAfter(value: string | undefined): number | undefined {
  return value !== undefined && /^\d{1,9}$/.test(value)
    ? Math.min(maxRetryAfterMs, Number(value) * 1000)
    : undefined;
}

/** Reading so much for nothing is cheaper than another connection. Bytes. */
const maxDiscarded = 64 * 1024;

/** Takes no notice of what an answer says besides its headers; the connection is kept if that is short. */
export function discard(answer: IncomingMessage): void {
  const length = answer.headers['content-length'] ?? (answer.statusCode === 204 ? '0' : undefined);
  if (Number(length ?? Number.NaN) <= maxDiscarded) answer.resume();
  else answer.destroy();
}

/** Portals, proxies and error handlers answer with a page and status 200; no store sends an object as one. */
export function checkNoPage(answer: IncomingMessage, url: string): void {
  if (!/^\s*text\/html\b/i.test(answer.headers['content-type'] ?? '')) return;
  answer.destroy();
  throw new CapstanError('corrupt', `${url} was answered with a web page instead of the object`, {
    hint: 'does the address lead to the store, or to something in front of it?',
  });
}

/** Most servers say how large the whole object is: that of another size is another object. */
export function checkObjectSize(answer: IncomingMessage, { objectSize }: ByteRange, url: string): void {
  const told =
    answer.statusCode === 200
      ? answer.headers['content-length']
      : /^bytes \d+-\d+\/(\d+)$/.exec(answer.headers['content-range'] ?? '')?.[1];
  if (told === undefined || Number(told) === objectSize) return;
  answer.destroy();
  throw new CapstanError('corrupt', `${url} has ${told} bytes instead of ${objectSize}`);
}

/** More than this before what was asked for is no rounding any more. Bytes. */
const maxSkip = 64 * 1024;

/** How many bytes of a 206 answer come before those asked for: none, unless the server rounds ranges. */
export function partialSkip(answer: IncomingMessage, offset: number, url: string): number {
  const first = /^bytes (\d+)-/.exec(answer.headers['content-range'] ?? '')?.[1];
  const skip = offset - Number(first ?? Number.NaN);
  if (skip >= 0 && skip <= maxSkip) return skip;
  answer.destroy();
  throw new CapstanError('corrupt', `${url} was answered with another range than was asked for`);
}
