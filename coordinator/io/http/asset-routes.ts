import type { FastifyInstance, FastifyReply } from 'fastify';
import { directoryStore } from '../../../shared/distribution/directory-store.js';
import { objectHeaders } from '../../../shared/distribution/object-headers.js';
import { objectPath, parseObjectPath } from '../../../shared/distribution/object-key.js';
import { checkUpload, refuse, uploadFailure } from './store-routes.js';
import type { UploadTickets } from './upload-tickets.js';

interface AssetRouteOptions {
  /** The public store's directory. */
  readonly assetsDir: string;
  readonly tickets: UploadTickets;
}

/** Where the public store is below the server's root. */
export const assetsPrefix = '/public/v1';

/** The largest file that is taken as an asset. Bytes. */
const maxAssetBytes = 4 * 1024 ** 3;

/**
 * The built-in public store: what browsers fetch, for anybody, each file for good under its name. Nothing in it may act
 * for the coordinator's own pages, which come from the same origin.
 */
export function addAssetRoutes(server: FastifyInstance, { assetsDir, tickets }: AssetRouteOptions): void {
  const store = directoryStore(assetsDir);

  server.get<AssetRoute>(`${assetsPrefix}/*`, async (request, reply) => {
    const key = parseObjectPath(request.params['*']);
    if (key === undefined || !publicKinds.has(key.kind) || !(await store.has(key))) {
      return reply.status(404).send({ message: `there is no ${request.url}` });
    }
    reply.headers({ ...objectHeaders(key), ...guards });
    // What is under a name never changes, so a range is good whenever it was asked for.
    delete request.raw.headers['if-range'];
    return reply.sendFile(objectPath(key), assetsDir, { dotfiles: 'allow' });
  });

  server.put<AssetRoute>(`${assetsPrefix}/*`, async (request, reply): Promise<FastifyReply> => {
    const refused = checkUpload(request, tickets);
    if (refused !== undefined) return refuse(reply, refused);
    const key = parseObjectPath(request.params['*']);
    if (key === undefined || !publicKinds.has(key.kind)) {
      return refuse(reply, { status: 404, message: `there is no ${request.url}` });
    }
    const size = Number(request.headers['content-length']);
    if (size > maxAssetBytes) {
      return refuse(reply, { status: 413, message: `${size} bytes are more than an asset may have` });
    }
    if (await store.has(key)) {
      reply.header('connection', 'close'); // rather than read a body that nobody needs
      return reply.status(200).send();
    }
    try {
      await store.put(key, { size, open: () => request.raw });
    } catch (error) {
      return refuse(reply, uploadFailure(error));
    }
    return reply.status(201).send();
  });
}

interface AssetRoute {
  readonly Params: { readonly '*': string };
}

const publicKinds: ReadonlySet<string> = new Set(['assets', 'folders']);

const guards = {
  // Fonts and modules are fetched across origins only where the server says so.
  'access-control-allow-origin': '*',
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; sandbox",
} as const;
