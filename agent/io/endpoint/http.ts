import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Opinion } from '../../core/opinion.js';
import { type Endpoint, limitConnections, listen, type OpinionSource, plainAddress } from './listen.js';

export interface HttpSources extends OpinionSource {
  /** In Prometheus' text format. */
  readonly metrics: () => string;
}

/** Who connects asks at once. */
const limitMs = 2_000;
/** How often connections that are beyond the time limits are looked for: idle ones must not keep others out. Milliseconds. */
const connectionsCheckingInterval = 1000;

/**
 * What load balancers and monitoring ask on the node: `/ready/<app>`, `/staging/<app>`, `/healthz`, `/metrics`.
 * @throws CapstanError `failed` if the address cannot be listened on
 */
export async function openHttpEndpoint(
  at: { readonly host: string; readonly port: number },
  sources: HttpSources,
): Promise<Endpoint> {
  const server = createServer({ connectionsCheckingInterval }, (request, response) => {
    noteQuestion(request.socket);
    const path = (request.url ?? '').split('?', 1)[0] ?? '';
    if (request.method !== 'GET' && request.method !== 'HEAD') answer(response, 405, 'only GET and HEAD\n');
    else if (path === '/healthz') answer(response, 200, 'ok\n');
    else if (path === '/metrics') answer(response, 200, sources.metrics());
    else if (path.startsWith('/ready/')) readiness(request, response, path.slice('/ready/'.length), sources);
    else if (path.startsWith('/staging/'))
      tell(response, sources.stagingOpinion(path.slice('/staging/'.length)));
    else answer(response, 404, 'not found\n');
  });
  server.requestTimeout = limitMs;
  server.headersTimeout = limitMs;
  server.keepAliveTimeout = 30_000;
  const noteQuestion = limitConnections(server);
  return {
    address: await listen(server, at, '--listen'),
    close: () =>
      new Promise((closed) => {
        server.close(() => {
          closed();
        });
        server.closeAllConnections();
      }),
  };
}

function readiness(
  { socket }: IncomingMessage,
  response: ServerResponse,
  app: string,
  { opinion, answered }: OpinionSource,
): void {
  const found = opinion(app);
  if (found !== undefined) {
    const wanted = found.kind === 'ready';
    const from = plainAddress(socket.remoteAddress);
    response.once('finish', () => {
      answered(app, { from, by: 'http', wanted });
    });
  }
  tell(response, found);
}

function tell(response: ServerResponse, found: Opinion | undefined): void {
  if (found === undefined) answer(response, 404, 'no such application on this node\n');
  else if (found.kind === 'ready') answer(response, 200, 'ready\n');
  else answer(response, 503, 'not ready\n');
}

function answer(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
  });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}
