import {
  type ClientRequest,
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingMessage,
} from 'node:http';
import type { AgentOptions, Agent as HttpsAgent } from 'node:https';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { SecureContext } from 'node:tls';
import { printable } from '../core/printable.js';
import { CapstanError } from '../model/errors.js';

/** How long a store may say nothing, connecting or in the middle of an answer, before it counts as gone. */
export const defaultSilenceMs = 15_000;
const maxRedirects = 5;

interface HttpConnections {
  readonly http: HttpAgent;
  /** Made with the first request that needs it. */
  readonly https: () => HttpsAgent;
  close(): void;
}

/** Most stores are asked without TLS, which takes as long to load as all the rest of a small update. */
const https = () => process.getBuiltinModule('node:https');

/**
 * Keeps at most `maxSockets` connections to a host, and closes those that were idle for a few seconds.
 * @param trust how servers are known over TLS, and what is shown to them; asked when it is needed first
 */
export function httpConnections(maxSockets: number, trust: () => AgentOptions = () => ({})): HttpConnections {
  const options = { keepAlive: true, keepAliveMsecs: 5000, maxSockets, timeout: defaultSilenceMs };
  const plain = new HttpAgent(options);
  let secure: HttpsAgent | undefined;
  const makeSecure = (): HttpsAgent => new (https().Agent)({ ...options, ...trust() });
  return {
    http: plain,
    https: () => (secure ??= makeSecure()),
    close() {
      plain.destroy();
      secure?.destroy();
    },
  };
}

/**
 * The public authorities, and more.
 * @param ca certificates, PEM
 */
export function contextTrusting(ca: string): SecureContext {
  const { createSecureContext, rootCertificates } = process.getBuiltinModule('node:tls');
  return createSecureContext({ ca: [...rootCertificates, ca] });
}

export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: { readonly stream: Readable };
  /** Who is to answer over TLS, if that is not said by the host in the URL. */
  readonly serverName?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** False: they are not followed, but answers like others. */
  readonly redirects?: false;
  /** How long it may take until an answer begins; of what has a body, how long nothing may move. */
  readonly silenceMs?: number | undefined;
}

/**
 * One request, answered with whatever the server says; the answer's body must be read or destroyed. What only asks
 * follows redirects, a few, and never to where others can listen. Not with fetch, whose implementation costs an
 * agent 27 MB.
 * @throws CapstanError `unreachable` if there is no answer, `failed` if redirects lead nowhere, `cancelled`
 */
export async function sendRequest(
  connections: HttpConnections,
  request: HttpRequest,
): Promise<IncomingMessage> {
  const asked = [request.url];
  for (let { url, headers } = request; ; ) {
    const answer = await sendFresh(connections, {
      ...request,
      url,
      ...(headers === undefined ? {} : { headers }),
    });
    const next = request.redirects === false ? undefined : redirectOf(answer, request.method, url);
    if (next === undefined) return answer;
    answer.destroy();
    const problem = redirectProblem(asked, next);
    if (problem !== undefined)
      throw new CapstanError('failed', `${request.url} ${problem}`, { hint: redirectHint });
    if (new URL(next).origin !== new URL(url).origin) headers = forStrangers(headers);
    asked.push(next);
    url = next;
  }
}

const redirectHint = 'give the address that the redirects should lead to';

/** Where a redirect leads; undefined for any other answer, or one to a request that sends something. */
function redirectOf(answer: IncomingMessage, method: HttpRequest['method'], url: string): string | undefined {
  const { location } = answer.headers;
  if (location === undefined || !(method === 'GET' || method === 'HEAD')) return undefined;
  if (![301, 302, 303, 307, 308].includes(answer.statusCode ?? 0)) return undefined;
  return URL.canParse(location, url) ? new URL(location, url).href : location;
}

/** What is wrong with following a redirect; undefined: nothing. */
export function redirectProblem(asked: readonly string[], next: string): string | undefined {
  const shown = printable(next.replace(/[?#].*$/s, '')); // a query may be a signature
  if (asked.includes(next)) return `is redirected in a circle, back to ${shown}`;
  if (asked.length > maxRedirects) return `is redirected more than ${maxRedirects} times`;
  if (!/^https?:\/\//.test(next) || !URL.canParse(next))
    return `is redirected to ${JSON.stringify(shown)}, which is no HTTP address`;
  return asked.at(-1)?.startsWith('https:') === true && next.startsWith('http:')
    ? `is redirected from https to ${shown}, where anybody can listen`
    : undefined;
}

/** What another server than the one that was asked may be told; tokens and signatures are not. */
const harmlessHeaders: ReadonlySet<string> = new Set(['accept', 'accept-encoding', 'range', 'user-agent']);

function forStrangers(headers: HttpRequest['headers'] = {}): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => harmlessHeaders.has(name.toLowerCase())),
  );
}

/** A connection that was kept open may have been closed by the server just now: then another one is used at once. */
async function sendFresh(connections: HttpConnections, request: HttpRequest): Promise<IncomingMessage> {
  for (;;) {
    const sent: { outgoing?: ClientRequest } = {};
    try {
      return await sendOnce(connections, request, sent);
    } catch (error) {
      const stale = sent.outgoing?.reusedSocket === true && isReset(error) && request.body === undefined;
      if (!stale || request.signal?.aborted === true)
        throw transportError(error, request.url, request.signal);
    }
  }
}

const isReset = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ECONNRESET' || error.code === 'EPIPE');

async function sendOnce(
  connections: HttpConnections,
  { method, url, headers = {}, body, serverName, signal, silenceMs = defaultSilenceMs }: HttpRequest,
  sent: { outgoing?: ClientRequest },
): Promise<IncomingMessage> {
  const secure = url.startsWith('https:');
  const outgoing = (secure ? https().request : httpRequest)(url, {
    method,
    headers: { 'user-agent': 'capstan', ...headers }, // for the logs of servers and CDNs
    agent: secure ? connections.https() : connections.http,
    ...(secure && serverName !== undefined ? { servername: serverName } : {}),
    timeout: silenceMs,
    ...(signal === undefined ? {} : { signal }),
  });
  sent.outgoing = outgoing;
  const giveUp = (): void => {
    outgoing.destroy(new Error(`it said nothing for ${silenceMs / 1000} s`));
  };
  outgoing.on('timeout', giveUp);
  // A header that comes byte by byte keeps the connection busy for as long as it likes.
  let deadline: NodeJS.Timeout | undefined;
  if (body === undefined) {
    outgoing.once('socket', () => {
      // In two steps: an answer may wait to be read while this process is busy.
      deadline = setTimeout(() => (deadline = setTimeout(giveUp, silenceMs / 2)), silenceMs / 2);
    });
  }
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    outgoing.once('response', resolve);
    outgoing.once('error', reject);
    outgoing.once('close', () => {
      reject(new Error('the connection was closed before an answer came'));
    });
  });
  // After an answer, errors come out of the answer's stream.
  outgoing.on('error', () => undefined);
  const ended = body === undefined ? outgoing.end() : pipeline(body.stream, outgoing);
  try {
    // A server may refuse a body before it has read it all, so the answer counts, not the end of sending.
    const answer = await Promise.race([answered, Promise.resolve(ended).then(() => answered)]);
    // From here on who reads the body knows whether it is the server that is slow, or the reader.
    outgoing.off('timeout', giveUp);
    return answer;
  } catch (error) {
    answered.catch(() => undefined);
    throw error;
  } finally {
    clearTimeout(deadline);
  }
}

/** Turns what a socket throws into `cancelled` or `unreachable`. */
export function transportError(error: unknown, url: string, signal?: AbortSignal): CapstanError {
  if (signal?.aborted === true) return new CapstanError('cancelled', 'cancelled', { cause: error });
  if (error instanceof CapstanError) return error;
  return new CapstanError('unreachable', `${new URL(url).origin} cannot be reached: ${reasonOf(error)}`, {
    cause: error,
  });
}

/** An AggregateError (both addresses of `localhost` failed) has an empty message of its own. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join(', ');
  return error instanceof Error ? error.message : String(error);
}
