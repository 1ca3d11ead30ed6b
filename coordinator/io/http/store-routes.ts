import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { directoryStore } from '../../../shared/distribution/directory-store.js';
import { forever } from '../../../shared/distribution/object-headers.js';
import {
  type ObjectKey,
  objectKinds,
  objectPath,
  parseObjectPath,
} from '../../../shared/distribution/object-key.js';
import { resumableUploads } from '../../../shared/distribution/resumable-uploads.js';
import { maxCompressed } from '../../../shared/distribution/text-object.js';
import { maxLayoutBytes } from '../../../shared/release/layout.js';
import type { UploadTickets } from './upload-tickets.js';
import { answerMissing, receiveUpload, uploadType } from './uploads.js';

interface StoreRouteOptions {
  /** The store's directory. */
  readonly storeDir: string;
  readonly tickets: UploadTickets;
  /** The largest pack that is taken. Bytes. */
  readonly maxPackBytes: number;
}

/** Where the built-in store is below the server's root. */
const storePrefix = '/store/v1';

/**
 * The built-in store. Reading needs no permission: what is read is checked by its digest. An object is immutable under
 * its name, so any cache may keep it for good.
 */
export function addStoreRoutes(server: FastifyInstance, options: StoreRouteOptions): void {
  const { storeDir, tickets } = options;
  const store = directoryStore(storeDir);
  const uploads = resumableUploads(storeDir, store);

  server.get<ObjectRoute>(`${storePrefix}/*`, async (request, reply) => {
    const key = keyOf(request);
    // Asked first, so that nobody is told to keep "there is no such object" for good.
    if (key === undefined || !(await store.has(key))) {
      return await answerMissing(request, reply, { tickets, key, uploads });
    }
    return sendObject(request, reply, key, storeDir);
  });

  server.put<ObjectRoute>(`${storePrefix}/*`, (request, reply) => {
    const maxBytes = ({ kind }: ObjectKey): number =>
      kind === 'packs' ? options.maxPackBytes : maxCompressed(maxLayoutBytes);
    return receiveUpload(request, reply, { store, tickets, key: keyOf(request), maxBytes, uploads });
  });
}

interface ObjectRoute {
  readonly Params: { readonly '*': string };
}

/** Undefined for what is no object that nodes fetch. */
function keyOf(request: FastifyRequest<ObjectRoute>): ObjectKey | undefined {
  const key = parseObjectPath(request.params['*']);
  return key !== undefined && objectKinds.includes(key.kind) ? key : undefined;
}

function sendObject(
  request: FastifyRequest<ObjectRoute>,
  reply: FastifyReply,
  key: ObjectKey,
  storeDir: string,
): FastifyReply {
  const path = objectPath(key);
  const tag = `"${path.slice(path.lastIndexOf('/') + 1)}"`;
  reply.header('etag', tag).header('cache-control', forever).header('content-type', uploadType);
  if (request.headers['if-none-match']?.includes(tag) === true) return reply.status(304).send();
  // What is under a name never changes, so a range is good whenever it was asked for.
  delete request.raw.headers['if-range'];
  return reply.sendFile(request.params['*'], storeDir);
}
