import type { FastifyInstance } from 'fastify';
import { directoryStore } from '../../../shared/distribution/directory-store.js';
import { objectHeaders } from '../../../shared/distribution/object-headers.js';
import { objectPath, parseObjectPath } from '../../../shared/distribution/object-key.js';
import type { UploadTickets } from './upload-tickets.js';
import { answerMissing, receiveUpload } from './uploads.js';

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
      return await answerMissing(request, reply, { tickets, key });
    }
    reply.headers({ ...objectHeaders(key), ...guards });
    // What is under a name never changes, so a range is good whenever it was asked for.
    delete request.raw.headers['if-range'];
    return reply.sendFile(objectPath(key), assetsDir, { dotfiles: 'allow' });
  });

  server.put<AssetRoute>(`${assetsPrefix}/*`, (request, reply) => {
    const key = parseObjectPath(request.params['*']);
    const isPublic = key !== undefined && publicKinds.has(key.kind);
    const maxBytes = (): number => maxAssetBytes;
    return receiveUpload(request, reply, { store, tickets, key: isPublic ? key : undefined, maxBytes });
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
