import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { holdsSpan, type Span } from '../../../shared/core/spans.js';
import { listenFailure } from '../../../shared/io/listen-failure.js';
import type { Clock } from '../../../shared/ports/clock.js';
import { isHex } from '../../../shared/release/digest.js';
import { heldHeader } from '../../stager/peers/spool-files.js';
import { OpenFiles } from './open-files.js';
import { createPeerListener, type PeerIdentity } from './peer-credentials.js';
import type { HeldPack, PeerSpool } from './peer-spool.js';
import { SendBuffers, sendBytes } from './send-bytes.js';

export interface PeerServerOptions {
  readonly listen: { readonly host: string; readonly port: number };
  /** Undefined: it is served without TLS, on loopback only. */
  readonly identity: PeerIdentity | undefined;
  readonly clock: Pick<Clock, 'now'>;
  readonly spool: PeerSpool;
  /** Transfers at once; who comes when all are taken is told to come again. */
  readonly slots: number;
  /** Of one connection. Bytes; 0: no limit. */
  readonly bytesPerSecond: number;
}

export interface PeerServer {
  readonly address: { readonly host: string; readonly port: number };
  /** Bytes of packs sent since the start. */
  sentBytes(): number;
  /** Shows another certificate from now on. */
  renew(identity: PeerIdentity): void;
  close(): Promise<void>;
}

/** Connections at once, idle ones included: enough for every transfer and as many questions. */
const connectionsPerSlot = 4;
const leastConnections = 64;
/** A connection on which nothing moves for so long is cut. Milliseconds. */
const idleMs = 10_000;
const slowBytesPerSecond = 64 * 1024;
/** Of one answer: more than any piece that nodes trade (4 MiB, and a frame of at most 8 that begins in them). */
const maxRangeBytes = 16 * 1024 * 1024;
/** Node takes 16 KB of headers. */
const maxHeaderBytes = 8 * 1024;

/** How long a transfer may hold a slot: whoever reads more slowly than this is not helped by it. Milliseconds. */
const longestMs = (bytes: number, bytesPerSecond: number): number =>
  idleMs +
  (2000 * bytes) / (bytesPerSecond > 0 ? Math.min(bytesPerSecond, slowBytesPerSecond) : slowBytesPerSecond);

/**
 * Serves what is in the spool to other nodes: `/packs/<2 hex>/<hex>`, whole or one range of it, as a store does, and
 * `/held/<hex>`, which bytes of it there are. Nothing else, and no name that is not a digest.
 * @throws CapstanError `failed` if it cannot listen there, `invalid` if it must not
 */
export async function openPeerServer(options: PeerServerOptions): Promise<PeerServer> {
  const { listen, spool, slots, bytesPerSecond } = options;
  const files = new OpenFiles();
  const buffers = new SendBuffers();
  let busy = 0;
  let sent = 0;

  const sendPack = async (response: ServerResponse, pack: HeldPack, [from, to]: Span): Promise<void> => {
    // Without a socket as long as another answer is on its way over the same connection: it could hold a slot for nothing.
    if (busy >= slots || response.socket === null) {
      refuse(response, 503, 'all slots are taken\n', { 'retry-after': '1' });
      return;
    }
    busy += 1;
    const late = setTimeout(() => response.destroy(), longestMs(to - from, bytesPerSecond));
    try {
      await files.use(pack.file, pack.path, async (file) => {
        begin(response, pack, [from, to]);
        sent += await sendBytes(file, response, { from, to, bytesPerSecond, buffers });
      });
    } catch {
      // The file is gone, or cannot be read; or the other side is.
      if (response.headersSent) response.destroy();
      else {
        spool.lost(pack.hex);
        refuse(response, 404, 'not here any more\n');
      }
    } finally {
      clearTimeout(late);
      busy -= 1;
      if (busy === 0) buffers.clear();
    }
  };

  const listening = createPeerListener({ ...options, host: listen.host }, (request, response) => {
    const { method, url = '' } = request;
    if (method !== 'GET' && method !== 'HEAD') {
      refuse(response, 405, 'only GET and HEAD\n', { allow: 'GET, HEAD' });
      return;
    }
    const asked = parsePath(url);
    const pack = asked === undefined ? undefined : spool.get(asked.hex);
    if (asked === undefined || pack === undefined) refuse(response, 404, 'not here\n');
    else if (asked.kind === 'held') tellHeld(response, pack);
    else {
      const span = rangeOf(request, pack);
      const ofSize = { 'content-range': `bytes */${pack.size}` };
      if (span === undefined || !holdsSpan(pack.spans, span)) refuse(response, 416, 'not here\n', ofSize);
      else if (span[1] - span[0] > maxRangeBytes) {
        refuse(response, 416, `at most ${maxRangeBytes} bytes at once\n`, ofSize);
      } else if (method === 'HEAD') {
        begin(response, pack, span);
        response.end();
      } else void sendPack(response, pack, span);
    }
  });
  const { server } = listening;
  server.requestTimeout = 5_000;
  server.headersTimeout = 5_000;
  server.keepAliveTimeout = 5_000;
  server.timeout = idleMs;
  server.maxConnections = Math.max(leastConnections, connectionsPerSlot * slots);

  return await new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      reject(listenFailure(listen, cause, '--peer-listen'));
    });
    server.listen(listen.port, listen.host, () => {
      const bound = server.address() as AddressInfo;
      resolve({
        address: { host: bound.address, port: bound.port },
        sentBytes: () => sent,
        renew: (identity) => {
          listening.renew(identity);
        },
        close: () =>
          new Promise((closed) => {
            server.close(() => {
              closed();
            });
            server.closeAllConnections();
          }),
      });
    });
  });
}

function parsePath(url: string): { readonly kind: 'held' | 'pack'; readonly hex: string } | undefined {
  const [, folder, first, second, ...more] = url.split('/');
  if (folder === 'held' && isHex(first) && second === undefined) return { kind: 'held', hex: first };
  if (folder !== 'packs' || !isHex(second) || first !== second.slice(0, 2) || more.length > 0)
    return undefined;
  return { kind: 'pack', hex: second };
}

/** What is asked for: one range, or all of it; undefined for what cannot be answered. */
function rangeOf({ headers: { range } }: IncomingMessage, { size }: HeldPack): Span | undefined {
  if (range === undefined) return [0, size];
  const [, first, last] = /^bytes=(\d{1,15})-(\d{0,15})$/.exec(range) ?? [];
  if (first === undefined || last === undefined) return undefined;
  const [from, to] = [Number(first), last === '' ? size : Math.min(size, Number(last) + 1)];
  return from < to ? [from, to] : undefined;
}

function begin(response: ServerResponse, pack: HeldPack, [from, to]: Span): void {
  const { size } = pack;
  const held = heldText(pack);
  const whole = response.req.headers.range === undefined;
  response.writeHead(whole ? 200 : 206, {
    'content-type': 'application/octet-stream',
    'content-length': to - from,
    'accept-ranges': 'bytes',
    ...(held.length <= maxHeaderBytes ? { [heldHeader]: held } : {}),
    ...(whole ? {} : { 'content-range': `bytes ${from}-${to - 1}/${size}` }),
  });
}

const heldText = ({ size, spans, growing }: HeldPack): string => JSON.stringify({ size, growing, spans });

function tellHeld(response: ServerResponse, pack: HeldPack): void {
  const body = heldText(pack);
  response.writeHead(200, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
  });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}

function refuse(
  response: ServerResponse,
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    ...headers,
  });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}
