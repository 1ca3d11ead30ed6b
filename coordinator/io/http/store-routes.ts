import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { directoryStore } from '../../../shared/distribution/directory-store.js';
import { isDiskFull } from '../../../shared/distribution/disk-full.js';
import { forever } from '../../../shared/distribution/object-headers.js';
import {
  type ObjectKey,
  objectKinds,
  objectPath,
  parseObjectPath,
} from '../../../shared/distribution/object-key.js';
import { maxCompressed } from '../../../shared/distribution/text-object.js';
import { CapstanError } from '../../../shared/model/errors.js';
import { maxLayoutBytes } from '../../../shared/release/layout.js';
import type { UploadTickets } from './upload-tickets.js';

interface StoreRouteOptions {
  /** The store's directory. */
  readonly storeDir: string;
  readonly tickets: UploadTickets;
  /** The largest pack that is taken. Bytes. */
  readonly maxPackBytes: number;
}

/** Where the built-in store is below the server's root. */
const storePrefix = '/store/v1';

/** Of every upload. */
export const uploadType = 'application/octet-stream';

/**
 * The built-in store. Reading needs no permission: what is read is checked by its digest. An object is immutable under
 * its name, so any cache may keep it for good.
 */
export function addStoreRoutes(server: FastifyInstance, options: StoreRouteOptions): void {
  const store = directoryStore(options.storeDir);

  server.get<ObjectRoute>(`${storePrefix}/*`, async (request, reply) => {
    const key = keyOf(request);
    // Asked first, so that nobody is told to keep "there is no such object" for good.
    if (key === undefined || !(await store.has(key))) throw notFound(request.url);
    return sendObject(request, reply, key, options.storeDir);
  });

  server.put<ObjectRoute>(`${storePrefix}/*`, async (request, reply) => {
    const refused = checkUpload(request, options.tickets);
    if (refused !== undefined) return await refuse(reply, refused);
    const key = keyOf(request);
    if (key === undefined)
      return await refuse(reply, { status: 404, message: notFound(request.url).message });
    const size = Number(request.headers['content-length']);
    if (size > maxBytes(key, options)) {
      return await refuse(reply, {
        status: 413,
        message: `${size} bytes are more than this store takes at once`,
      });
    }
    if (await store.has(key)) {
      reply.header('connection', 'close'); // rather than read a body that nobody needs
      return await reply.status(200).send();
    }
    try {
      await store.put(key, { size, open: () => request.raw });
    } catch (error) {
      return await refuse(reply, uploadFailure(error));
    }
    return await reply.status(201).send();
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

interface Refusal {
  readonly status: number;
  readonly message: string;
}

/** Why nothing may be uploaded with this request; undefined if it may. */
export function checkUpload(request: FastifyRequest, tickets: UploadTickets): Refusal | undefined {
  const ticket = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
  if (ticket === undefined || !tickets.accepts(ticket)) {
    return {
      status: 401,
      message: 'the upload ticket is missing or no longer valid; begin to publish again',
    };
  }
  if (!/^\d{1,15}$/.test(request.headers['content-length'] ?? '')) {
    return { status: 411, message: 'an upload must say how long it is' };
  }
  return undefined;
}

const maxBytes = ({ kind }: ObjectKey, { maxPackBytes }: StoreRouteOptions): number =>
  kind === 'packs' ? maxPackBytes : maxCompressed(maxLayoutBytes);

export function uploadFailure(error: unknown): Refusal {
  if (isDiskFull(error)) return { status: 507, message: "the disk of the coordinator's store is full" };
  const { code, message } = CapstanError.from(error);
  return code === 'corrupt' ? { status: 400, message } : { status: 500, message };
}

/** The rest of the body, if any, is not worth reading: the connection ends with the answer. */
export async function refuse(reply: FastifyReply, { status, message }: Refusal): Promise<FastifyReply> {
  reply.header('connection', 'close');
  return await reply.status(status).send({ message });
}

const notFound = (url: string): CapstanError => new CapstanError('notFound', `${url} is not in the store`);
