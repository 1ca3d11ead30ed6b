import type { FastifyReply, FastifyRequest } from 'fastify';
import { isDiskFull } from '../../../shared/distribution/disk-full.js';
import type { ObjectKey } from '../../../shared/distribution/object-key.js';
import type { ResumableUploads } from '../../../shared/distribution/resumable-uploads.js';
import type { Store } from '../../../shared/distribution/store.js';
import { CapstanError } from '../../../shared/model/errors.js';
import type { UploadTickets } from './upload-tickets.js';

/** Of every upload. */
export const uploadType = 'application/octet-stream';
/** In the answer to a HEAD by who may upload: how many bytes are there of an upload that broke off. */
const offsetHeader = 'upload-offset';

const noTicket = 'the upload ticket is missing or no longer valid; begin to publish again';

interface Receiving {
  readonly store: Store;
  readonly tickets: UploadTickets;
  /** Undefined for what is no object of the store. */
  readonly key: ObjectKey | undefined;
  readonly maxBytes: (key: ObjectKey) => number;
  readonly uploads?: ResumableUploads;
}

/**
 * Takes an object in: all of it, or, with a `Content-Range` as RFC 9110 (14.5) has it for PUT, the rest of one whose upload
 * broke off.
 */
export async function receiveUpload(
  request: FastifyRequest,
  reply: FastifyReply,
  { store, tickets, key, maxBytes, uploads }: Receiving,
): Promise<FastifyReply> {
  const ticket = ticketOf(request);
  if (ticket === undefined || !tickets.accepts(ticket)) return await refuse(reply, 401, noTicket);
  const length = request.headers['content-length'] ?? '';
  if (!/^\d{1,15}$/.test(length)) return await refuse(reply, 411, 'an upload must say how long it is');
  if (key === undefined) return await refuse(reply, 404, `${request.url} is not in the store`);
  const announced = announcedBytes(request.headers['content-range'], Number(length));
  if (announced === undefined || (announced.from > 0 && uploads === undefined)) {
    return await refuse(reply, 400, 'the Content-Range of the upload is not one that can be taken');
  }
  const { from, size } = announced;
  if (size > maxBytes(key)) {
    return await refuse(reply, 413, `${size} bytes are more than this store takes at once`);
  }
  if (await store.has(key)) {
    reply.header('connection', 'close'); // rather than read a body that nobody needs
    return await reply.status(200).send();
  }
  const end = tickets.begin(ticket);
  if (end === undefined) {
    return await refuse(
      reply.header('retry-after', '1'),
      429,
      'there are too many uploads at once with this token',
    );
  }
  const source = { size, open: () => request.raw };
  const put = uploads === undefined ? store.put(key, source) : uploads.put(key, source, from);
  const failure = await put.then(() => undefined, failureOf).finally(end);
  if (failure !== undefined) return await refuse(reply, ...failure);
  return await reply.status(201).send();
}

/**
 * The answer to a HEAD, of an object that is not there: to a publisher how much of it is. Whose ticket has ended hears that
 * before it sends what nobody takes.
 */
export async function answerMissing(
  request: FastifyRequest,
  reply: FastifyReply,
  { tickets, key, uploads }: Pick<Receiving, 'tickets' | 'key' | 'uploads'>,
): Promise<FastifyReply> {
  const asksToUpload = request.method === 'HEAD' && request.headers.authorization !== undefined;
  if (asksToUpload && !tickets.accepts(ticketOf(request) ?? '')) return await refuse(reply, 401, noTicket);
  if (asksToUpload && key !== undefined && uploads !== undefined) {
    reply.header(offsetHeader, await uploads.had(key));
  }
  return await reply.status(404).send({ message: `${request.url} is not in the store` });
}

const ticketOf = ({ headers }: FastifyRequest): string | undefined =>
  /^Bearer (\S+)$/.exec(headers.authorization ?? '')?.[1];

/** What a request brings; undefined if its range is not one that ends with the object and is as long as its body. */
function announcedBytes(
  range: string | undefined,
  length: number,
): { readonly from: number; readonly size: number } | undefined {
  if (range === undefined) return { from: 0, size: length };
  const [, first, last, total] = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15})$/.exec(range) ?? [];
  if (first === undefined || last === undefined || total === undefined) return undefined;
  const size = Number(total);
  const fits = Number(last) === size - 1 && Number(first) + length === size;
  return fits ? { from: Number(first), size } : undefined;
}

function failureOf(error: unknown): [status: number, message: string] {
  if (isDiskFull(error)) return [507, "the disk of the coordinator's store is full"];
  const { code, message } = CapstanError.from(error);
  const status = code === 'corrupt' ? 400 : code === 'conflict' ? 409 : 500;
  return [status, message];
}

/** The rest of the body, if any, is not worth reading: the connection ends with the answer. */
async function refuse(reply: FastifyReply, status: number, message: string): Promise<FastifyReply> {
  reply.header('connection', 'close');
  return await reply.status(status).send({ message });
}
