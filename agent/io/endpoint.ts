import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CapstanError } from '../../shared/model/errors.js';

export interface EndpointSources {
  /** undefined: no such application on this node. */
  readonly ready: (app: string) => boolean | undefined;
  /** In Prometheus' text format. */
  readonly metrics: () => string;
}

export interface Endpoint {
  readonly address: { readonly host: string; readonly port: number };
  close(): Promise<void>;
}

/**
 * What load balancers and monitoring ask on the node: `/ready/<app>`, `/healthz`, `/metrics`.
 * @throws CapstanError `failed` if the address cannot be listened on
 */
export function openEndpoint(
  listen: { readonly host: string; readonly port: number },
  sources: EndpointSources,
): Promise<Endpoint> {
  const server = createServer((request, response) => {
    const path = (request.url ?? '').split('?', 1)[0] ?? '';
    if (request.method !== 'GET' && request.method !== 'HEAD') answer(response, 405, 'only GET and HEAD\n');
    else if (path === '/healthz') answer(response, 200, 'ok\n');
    else if (path === '/metrics') answer(response, 200, sources.metrics());
    else if (path.startsWith('/ready/')) readiness(response, sources.ready(path.slice('/ready/'.length)));
    else answer(response, 404, 'not found\n');
  });
  server.requestTimeout = 5_000;
  server.headersTimeout = 5_000;
  server.keepAliveTimeout = 30_000;
  server.maxConnections = 256;
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      const where = `${listen.host}:${listen.port}`;
      const taken = 'code' in cause && cause.code === 'EADDRINUSE';
      const why = taken ? 'another program listens there' : cause.message;
      const hint = 'Choose another address with --listen.';
      reject(new CapstanError('failed', `Cannot listen on ${where}: ${why}.`, { hint, cause }));
    });
    server.listen(listen.port, listen.host, () => {
      const bound = server.address() as AddressInfo;
      resolve({
        address: { host: bound.address, port: bound.port },
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

function readiness(response: ServerResponse, ready: boolean | undefined): void {
  if (ready === undefined) answer(response, 404, 'no such application on this node\n');
  else answer(response, ready ? 200 : 503, ready ? 'ready\n' : 'not ready\n');
}

function answer(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
  });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}
