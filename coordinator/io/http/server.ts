import { mkdir } from 'node:fs/promises';
import { createServer as createPlainServer } from 'node:http';
import { createServer as createSecureServer, Server as SecureServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { SecureContextOptions } from 'node:tls';
import fastifyStatic from '@fastify/static';
import { type FastifyInstance, fastify } from 'fastify';
import { listenFailure } from '../../../shared/io/listen-failure.js';
import type { Logger } from '../../../shared/ports/logger.js';
import { addressGroup } from '../../core/limits/address-group.js';
import type { Door } from '../limits/door.js';
import type { Refusals } from '../limits/refusals.js';
import { addAssetRoutes } from './asset-routes.js';
import { addInstallRoutes, type InstallOptions } from './install/install-routes.js';
import { SlowClients } from './slow-clients.js';
import { addStoreRoutes } from './store-routes.js';
import type { UploadTickets } from './upload-tickets.js';
import { uploadType } from './uploads.js';

interface HttpServerOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** Directory of the built-in store; undefined: the store is elsewhere, and this server has none. */
  readonly storeDir: string | undefined;
  /** Directory of the public store of assets; undefined: it is elsewhere, or there is none. */
  readonly assetsDir?: string | undefined;
  /** What servers install the agent with; absent: nothing is served for that. */
  readonly install?: InstallOptions | undefined;
  readonly tickets: UploadTickets;
  readonly logger: Logger;
  /** What it shows of itself; absent: plain HTTP. */
  readonly certificate?: HttpCertificate | undefined;
  /** The largest pack that is taken; 64 GiB by default. Bytes. */
  readonly maxPackBytes?: number;
  /** Overrides of `limits`, for tests. */
  readonly limits?: Partial<HttpLimits>;
  /** Absent: whoever comes is let in. */
  readonly guard?: HttpGuard | undefined;
}

/** Who keeps watch over the port. */
export interface HttpGuard {
  readonly door: Pick<Door, 'enter' | 'spoke'>;
  readonly refusals: Pick<Refusals, 'note'>;
}

/** A certificate that may change while the server runs. */
interface HttpCertificate {
  readonly context: SecureContextOptions;
  onRenewal(listener: (context: SecureContextOptions) => void): void;
}

export interface HttpServer {
  readonly host: string;
  readonly port: number;
  /**
   * Takes no more requests, lets those under way end for at most `drainMs` (10 s by default), then closes their connections.
   */
  close(options?: { readonly drainMs?: number }): Promise<void>;
}

/** How long a client may take for what, in milliseconds where nothing else is said. One that is slower is cut off, whoever it is. */
interface HttpLimits {
  /** For the headers of a request. */
  readonly headersMs: number;
  /** Between two packets, in either direction. */
  readonly silenceMs: number;
  /** For a whole request with its body: a large pack over a slow line. */
  readonly requestMs: number;
  /** Between two requests. */
  readonly keepAliveMs: number;
  /** In which at least `leastBytes` have to move while a request is under way. */
  readonly windowMs: number;
  readonly leastBytes: number;
}

const defaultLimits: HttpLimits = {
  headersMs: 10_000,
  silenceMs: 30_000,
  requestMs: 2 * 3_600_000,
  keepAliveMs: 60_000,
  windowMs: 60_000,
  leastBytes: 30_000,
};

/**
 * Starts the coordinator's HTTP server: the built-in store, what installs agents, and `/healthz`.
 * @throws CapstanError `failed` if the address cannot be listened on
 */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const limits = { ...defaultLimits, ...options.limits };
  const server = makeServer(options, limits);
  addErrorAnswers(server, options.logger);
  const slow = watchTransfers(server, limits, options.guard);
  server.get('/healthz', (_request, reply) => reply.type('text/plain').send('ok\n'));
  const { storeDir, assetsDir, install, tickets, maxPackBytes = 64 * 1024 ** 3 } = options;
  const roots = [storeDir, assetsDir].filter((dir) => dir !== undefined);
  for (const dir of roots) await mkdir(dir, { recursive: true });
  if (roots.length > 0) await addFiles(server, roots);
  if (storeDir !== undefined) addStoreRoutes(server, { storeDir, tickets, maxPackBytes });
  if (assetsDir !== undefined) addAssetRoutes(server, { assetsDir, tickets });
  if (install !== undefined) addInstallRoutes(server, install);
  const { port } = await listen(server, options);
  return {
    host: options.host,
    port,
    async close({ drainMs = 10_000 } = {}) {
      const timer = setTimeout(() => server.server.closeAllConnections(), drainMs);
      try {
        await server.close();
      } finally {
        clearTimeout(timer);
        slow.close();
      }
    },
  };
}

function makeServer({ certificate, guard }: HttpServerOptions, limits: HttpLimits): FastifyInstance {
  const bounds = {
    requestTimeout: limits.requestMs,
    keepAliveTimeout: limits.keepAliveMs,
    headersTimeout: limits.headersMs,
    connectionsCheckingInterval: Math.min(1000, limits.headersMs),
  };
  return fastify({
    logger: false,
    bodyLimit: 64 * 1024, // of what is not streamed
    forceCloseConnections: 'idle',
    // Called for each address of `localhost`.
    serverFactory: (handler) => {
      const listener =
        certificate === undefined
          ? createPlainServer(bounds, handler)
          : createSecureServer({ ...bounds, ...certificate.context }, handler);
      certificate?.onRenewal((context) => {
        if (listener instanceof SecureServer) listener.setSecureContext(context);
      });
      listener.prependListener('connection', (socket: Socket) => {
        // Not at once: others are yet to be told of the connection, and count on its being there.
        if (guard?.door.enter(socket) === false) setImmediate(() => socket.destroy());
      });
      return listener.setTimeout(limits.silenceMs);
    },
  });
}

function watchTransfers(
  server: FastifyInstance,
  { windowMs, leastBytes }: HttpLimits,
  guard: HttpGuard | undefined,
): SlowClients {
  const onCut = ({ remoteAddress = '' }: Socket): void => {
    guard?.refusals.note('reader', addressGroup(remoteAddress));
  };
  const slow = new SlowClients({ windowMs, leastBytes, onCut });
  server.addHook('onRequest', ({ raw: { socket } }, _reply, done) => {
    guard?.door.spoke(`${socket.remoteAddress ?? ''}:${socket.remotePort ?? ''}`);
    slow.watch(socket);
    done();
  });
  server.addHook('onResponse', ({ raw: { socket, complete } }, _reply, done) => {
    if (complete) slow.forget(socket); // else a body comes that nobody wants, and may take no longer than others
    done();
  });
  return slow;
}

/** What both stores need: files out of their directories, and bodies that are streams. */
async function addFiles(server: FastifyInstance, roots: readonly string[]): Promise<void> {
  await server.register(fastifyStatic, {
    serve: false,
    root: [...roots],
    contentType: false,
    cacheControl: false,
    lastModified: false,
    etag: false,
    index: false,
  });
  server.addContentTypeParser(uploadType, (_request, _payload, done) => {
    done(null); // the body is read as a stream, by the handler
  });
}

async function listen(server: FastifyInstance, { host, port }: HttpServerOptions): Promise<AddressInfo> {
  try {
    await server.listen({ host, port });
  } catch (cause) {
    await server.close();
    throw listenFailure({ host, port }, cause);
  }
  const address = server.server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no address');
  return address;
}

/** Errors are one JSON object with a sentence; what nobody foresaw is logged and told to nobody else. */
function addErrorAnswers(server: FastifyInstance, logger: Logger): void {
  server.setNotFoundHandler((request, reply) =>
    reply.status(404).send({ message: `there is no ${request.url}` }),
  );
  server.setErrorHandler((error, request, reply) => {
    const status = statusOf(error);
    if (status < 500)
      return reply.status(status).send({ message: 'the request is not one this server understands' });
    logger.error('http.failed', { method: request.method, url: request.url, error: String(error) });
    return reply.status(500).send({ message: 'the coordinator failed to answer; its log says why' });
  });
}

function statusOf(error: unknown): number {
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return 500;
  return typeof error.statusCode === 'number' ? error.statusCode : 500;
}
