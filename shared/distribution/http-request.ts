import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CapstanError } from '../model/errors.js';

/** How long a store may say nothing, connecting or in the middle of an answer, before it counts as gone. */
const silenceMs = 15_000;

interface HttpConnections {
  readonly http: HttpAgent;
  readonly https: HttpsAgent;
}

/** Keeps at most `maxSockets` connections to a host, and closes those that were idle for a few seconds. */
export function httpConnections(maxSockets: number): HttpConnections {
  const options = { keepAlive: true, keepAliveMsecs: 5000, maxSockets, timeout: silenceMs };
  return { http: new HttpAgent(options), https: new HttpsAgent(options) };
}

export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: { readonly stream: Readable };
  readonly signal?: AbortSignal | undefined;
}

/**
 * One request, answered with whatever the server says; the answer's body must be read or destroyed. Not with fetch,
 * whose implementation costs an agent 27 MB.
 * @throws CapstanError `unreachable` if there is no answer, `cancelled`
 */
export async function sendRequest(
  connections: HttpConnections,
  { method, url, headers = {}, body, signal }: HttpRequest,
): Promise<IncomingMessage> {
  const secure = url.startsWith('https:');
  const outgoing = (secure ? httpsRequest : httpRequest)(url, {
    method,
    headers,
    agent: secure ? connections.https : connections.http,
    timeout: silenceMs,
    ...(signal === undefined ? {} : { signal }),
  });
  outgoing.on('timeout', () => {
    outgoing.destroy(new Error(`it said nothing for ${silenceMs / 1000} s`));
  });
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    outgoing.once('response', resolve);
    outgoing.once('error', reject);
    outgoing.once('close', () => {
      reject(new Error('the connection was closed before an answer came'));
    });
  });
  // After an answer, errors come out of the answer's stream.
  outgoing.on('error', () => undefined);
  const sent = body === undefined ? outgoing.end() : pipeline(body.stream, outgoing);
  try {
    // A server may refuse a body before it has read it all, so the answer counts, not the end of sending.
    return await Promise.race([answered, Promise.resolve(sent).then(() => answered)]);
  } catch (error) {
    answered.catch(() => undefined);
    throw transportError(error, url, signal);
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
