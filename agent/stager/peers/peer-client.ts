import type { IncomingMessage } from 'node:http';
import type { AgentOptions } from 'node:https';
import { parseSpans, type Span, type Spans } from '../../../shared/core/spans.js';
import { httpConnections, sendRequest, transportError } from '../../../shared/distribution/http-request.js';
import { objectPath } from '../../../shared/distribution/object-key.js';
import { readIdentityUri } from '../../../shared/identity/identity-uri.js';
import { CapstanError } from '../../../shared/model/errors.js';
import type { Peer } from '../../../shared/model/peers.js';
import type { Pack } from '../../../shared/release/layout.js';
import type { StoredIdentity } from '../identity/identity-file.js';
import { heldHeader } from './spool-files.js';

/** What a node has of a pack. */
export interface Holding {
  readonly spans: Spans;
  /** More may come, since it is fetching it itself. */
  readonly growing: boolean;
}

export interface ReadOptions {
  readonly signal: AbortSignal;
  /** Told what else the peer has, which comes along with its answer. */
  readonly onHolding: (holding: Holding) => void;
}

/** How other nodes are asked for packs: whoever is slow is given up within about a second. */
export interface PeerClient {
  /** @throws CapstanError `notFound`, `unreachable`, `unavailable`, `corrupt` for an answer that makes no sense */
  held(peer: Peer, pack: Pack, signal: AbortSignal): Promise<Holding>;
  /**
   * The bytes of a part of a pack, in pieces as they come.
   * @throws CapstanError as `held`; `notFound` also if it has not all of it; `unavailable` if its slots are taken
   */
  read(peer: Peer, pack: Pack, span: Span, options: ReadOptions): AsyncIterable<Buffer>;
  close(): void;
}

/** To one peer: transfers, and a question. */
const connectionsEach = 4;
/** Until an answer begins, and between two looks at how much has come of it. Milliseconds. */
const patienceMs = 1000;
/** A look is left out when this process could not run, or did not want more, for so long before it. Milliseconds. */
const maxOwnMs = 300;
/** Less than this between two looks is too slow. Bytes. */
const leastBytes = 32 * 1024;
/** A pack of thousands of pieces, every other one of which is there. */
const maxSpans = 8192;
const maxHeldBytes = 512 * 1024;
/** What comes with a refusal is read, so that the connection can be used again, unless it is more than this. */
const maxRefusalBytes = 1024;

/** @param identity shown to others, and theirs asked for; undefined: there is no TLS */
export function createPeerClient(identity?: StoredIdentity): PeerClient {
  const connections = httpConnections(
    connectionsEach,
    identity === undefined ? undefined : () => trustOf(identity),
  );

  const request = async (
    { node }: Peer,
    url: string,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<IncomingMessage> => {
    if (identity !== undefined && !url.startsWith('https:'))
      throw new CapstanError('unreachable', `${node} offers packs without TLS`);
    const question = { method: 'GET', url, serverName: node, headers, signal, redirects: false } as const;
    const answer = await sendRequest(connections, question);
    if (answer.statusCode === 200 || answer.statusCode === 206) return answer;
    if (Number(answer.headers['content-length']) <= maxRefusalBytes) answer.resume();
    else answer.destroy();
    throw refusal(answer.statusCode, url);
  };

  return {
    async held(peer, pack, signal) {
      const target = `${peer.url}/held/${pack.hex}`;
      const watch = watchdog(target, signal);
      try {
        const answer = await request(peer, target, {}, watch.signal);
        const chunks: Buffer[] = [];
        let size = 0;
        for await (const chunk of answer as AsyncIterable<Buffer>) {
          size += chunk.length;
          if (size > maxHeldBytes) throw senseless(target);
          chunks.push(chunk);
        }
        return parseHolding(Buffer.concat(chunks, size).toString(), pack) ?? raise(senseless(target));
      } catch (error) {
        throw watch.explain(error);
      } finally {
        watch.stop();
      }
    },

    async *read(peer, pack, [from, to], { signal, onHolding }) {
      const target = `${peer.url}/${objectPath({ kind: 'packs', hex: pack.hex })}`;
      const watch = watchdog(target, signal);
      let left = to - from;
      try {
        const answer = await request(peer, target, { range: `bytes=${from}-${to - 1}` }, watch.signal);
        if (answer.headers['content-range'] !== `bytes ${from}-${to - 1}/${pack.size}`) {
          answer.destroy();
          throw senseless(target);
        }
        const said = parseHolding(String(answer.headers[heldHeader] ?? ''), pack);
        if (said !== undefined) onHolding(said);
        for await (const chunk of answer as AsyncIterable<Buffer>) {
          watch.saw(chunk.length);
          left -= chunk.length;
          if (left < 0) throw senseless(target);
          const resume = watch.pause();
          yield chunk;
          resume();
        }
        if (left > 0) throw senseless(target);
      } catch (error) {
        throw watch.explain(error);
      } finally {
        watch.stop();
      }
    },

    close() {
      connections.close();
    },
  };
}

/** A certificate of the fleet's own authority, for the node that the coordinator has named. */
function trustOf({ ca, key, certificate }: StoredIdentity): AgentOptions {
  const { createSecureContext } = process.getBuiltinModule('node:tls');
  return {
    secureContext: createSecureContext({ ca, key, cert: certificate, minVersion: 'TLSv1.3' }),
    checkServerIdentity: (node, { subjectaltname }) =>
      readIdentityUri(subjectaltname)?.node === node
        ? undefined
        : new Error(`its certificate is not that of ${node}`),
  };
}

/** Ends a request that does not begin to be answered, or is answered too slowly. */
function watchdog(url: string, outer: AbortSignal) {
  const late = new AbortController();
  let seen = 0;
  let enough = 1; // until the answer begins
  let lookedAt = performance.now();
  let pausedAt: number | undefined;
  let pausedMs = 0;
  const look = (): void => {
    const now = performance.now();
    const ownMs = Math.max(
      now - lookedAt - patienceMs,
      pausedMs + (pausedAt === undefined ? 0 : now - pausedAt),
    );
    if (seen < enough && ownMs < maxOwnMs) late.abort();
    lookedAt = now;
    pausedMs = 0;
    if (pausedAt !== undefined) pausedAt = now;
    seen = 0;
    enough = leastBytes;
  };
  // What has come meanwhile is taken first.
  const timer = setInterval(() => setImmediate(look), patienceMs);
  const end = (): void => {
    late.abort();
  };
  if (outer.aborted) end();
  outer.addEventListener('abort', end);
  return {
    signal: late.signal,
    saw(bytes: number) {
      seen += bytes;
    },
    /** Nothing is read until what is returned is called. */
    pause(): () => void {
      pausedAt = performance.now();
      return () => {
        pausedMs += performance.now() - (pausedAt ?? 0);
        pausedAt = undefined;
      };
    },
    stop() {
      clearInterval(timer);
      outer.removeEventListener('abort', end);
    },
    explain(error: unknown): CapstanError {
      if (late.signal.aborted && !outer.aborted)
        return new CapstanError('unreachable', `${url} is too slow`, { cause: error });
      return transportError(error, url, outer);
    },
  };
}

function parseHolding(text: string, { size }: Pack): Holding | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  if (!('size' in value && 'spans' in value && 'growing' in value) || value.size !== size) return undefined;
  const spans = parseSpans(value.spans, size, maxSpans);
  return spans === undefined ? undefined : { spans, growing: value.growing === true };
}

function refusal(status: number | undefined, url: string): CapstanError {
  if (status === 404 || status === 416) return new CapstanError('notFound', `${url} is not there`);
  if (status === 503) return new CapstanError('unavailable', `${url}: all slots are taken`);
  return new CapstanError('unreachable', `${url} was answered with status ${status ?? 'none'}`);
}

const senseless = (url: string): CapstanError =>
  new CapstanError('corrupt', `the answer to ${url} makes no sense`);

function raise(error: CapstanError): never {
  throw error;
}
