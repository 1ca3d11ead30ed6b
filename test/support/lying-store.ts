import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { cleanUp } from './cleanup.js';

/** A request for an object that is there, and what an honest store would answer. */
export interface Asked {
  /** `packs`, `manifests`, `layouts`, `deltas` or `patches`. */
  readonly kind: string;
  /** How many requests for objects of this kind came before. */
  readonly nth: number;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly object: Buffer;
  /** Of the range that was asked for; all of the object if none was. */
  readonly from: number;
  readonly to: number;
  readonly ranged: boolean;
  /** Answers as it should be. */
  readonly honest: (body?: Buffer) => void;
}

/** Answers in its own way, or hands the request on to `honest`. */
export type Fault = (asked: Asked) => void;

export interface LyingStore {
  readonly url: string;
  /** Of each request, in order: the path below the store's base, and the range. */
  readonly requests: { readonly path: string; readonly range: string | undefined }[];
  /** Bytes that were handed to sockets, headers included. */
  sentBytes(): number;
}

/** A static server of a store's directory that does to each request what the fault says. */
export async function lyingStore(dir: string, fault: Fault = (asked) => asked.honest()): Promise<LyingStore> {
  const requests: LyingStore['requests'] = [];
  const sockets = new Set<Socket>();
  const counts = new Map<string, number>();
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = (request.url ?? '').slice(1).replace(/\?.*/, '');
    requests.push({ path, range: request.headers.range });
    let object: Buffer;
    try {
      object = await readFile(join(dir, path));
    } catch {
      response.writeHead(404, { 'content-type': 'text/html' }).end('<html>not here</html>');
      return;
    }
    const kind = path.slice(0, path.indexOf('/'));
    const nth = counts.get(kind) ?? 0;
    counts.set(kind, nth + 1);
    const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
    const from = Number(first ?? 0);
    const to = Math.min(object.length, last === undefined || last === '' ? object.length : Number(last) + 1);
    const ranged = first !== undefined;
    const honest = (body = object.subarray(from, to)): void => {
      const headers = { 'content-length': body.length, 'accept-ranges': 'bytes' };
      if (ranged) {
        const range = `bytes ${from}-${to - 1}/${object.length}`;
        response.writeHead(206, { ...headers, 'content-range': range });
      } else response.writeHead(200, headers);
      response.end(body);
    };
    fault({ kind, nth, request, response, object, from, to, ranged, honest });
  };
  const server = createServer((request, response) => void answer(request, response));
  server.on('connection', (socket) => sockets.add(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanUp(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    sentBytes: () => [...sockets].reduce((sum, socket) => sum + socket.bytesWritten, 0),
  };
}
