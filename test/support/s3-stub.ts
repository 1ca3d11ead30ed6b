import { createHash, createHmac, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { cleanUp } from './cleanup.js';

/** What the stub takes: one key of one region. */
const s3Key = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
};
export const s3Env = {
  AWS_ACCESS_KEY_ID: s3Key.accessKeyId,
  AWS_SECRET_ACCESS_KEY: s3Key.secretAccessKey,
};

export interface S3Request {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly extra?: string;
}

export interface S3StubOptions {
  /** Refuses a request, before anything is done about it. */
  readonly refuse?: (request: S3Request) => Refusal | undefined;
  /** Added to the stub's clock. Milliseconds. */
  readonly clockMs?: number;
  readonly pageSize?: number;
  /** Answers conditional writes with 501, as servers do that do not know them. */
  readonly unconditional?: boolean;
  /** Lets unsigned requests read, as a public bucket does. */
  readonly isPublic?: boolean;
}

export interface S3Stub {
  readonly url: string;
  readonly endpoint: string;
  /** What is in the bucket `releases`, by key. */
  readonly objects: Map<string, { readonly bytes: Buffer; changedAt: number }>;
  /** Uploads begun and neither completed nor aborted, by id. */
  readonly uploads: Map<
    string,
    { readonly key: string; readonly parts: Map<number, Buffer>; startedAt: number }
  >;
  readonly requests: S3Request[];
}

/**
 * As much of S3 as a store needs, in memory, with one bucket, `releases`. It checks every signature by the rules of
 * Signature Version 4, with code of its own.
 */
export async function startS3Stub(options: S3StubOptions = {}): Promise<S3Stub> {
  const stub = { objects: new Map(), uploads: new Map(), requests: [] } as Pick<
    S3Stub,
    'objects' | 'uploads' | 'requests'
  >;
  const server = createServer((incoming, outgoing) => {
    serve(incoming, outgoing, stub, options).catch((error: unknown) => {
      outgoing.writeHead(500).end(String(error));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanUp(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const endpoint = `http://127.0.0.1:${port}`;
  return { ...stub, endpoint, url: `s3://releases/fleet?endpoint=${endpoint}&region=eu-test-1` };
}

type State = Pick<S3Stub, 'objects' | 'uploads' | 'requests'>;

interface Answer {
  readonly status: number;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string | Buffer;
}

async function serve(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  state: State,
  options: S3StubOptions,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
  const url = new URL(incoming.url ?? '/', 'http://stub');
  const request: S3Request = {
    method: incoming.method ?? '',
    path: url.pathname,
    query: url.searchParams,
    headers: incoming.headers,
    body: Buffer.concat(chunks),
  };
  state.requests.push(request);
  const now = Date.now() + (options.clockMs ?? 0);
  const refused = options.refuse?.(request) ?? checkSignature(request, now, options.isPublic === true);
  const { status, headers, body } =
    refused === undefined ? answer(request, state, options) : refusal(refused);
  outgoing.writeHead(status, { date: new Date(now).toUTCString(), ...headers });
  outgoing.end(request.method === 'HEAD' ? undefined : body);
}

function answer(request: S3Request, state: State, options: S3StubOptions): Answer {
  if (!request.path.startsWith('/releases')) return refusal({ status: 404, code: 'NoSuchBucket' });
  const key = decodeURIComponent(request.path.slice('/releases/'.length));
  if (key === '') return request.query.has('uploads') ? listUploads(state) : list(request, state, options);
  if (request.method === 'GET' && request.query.has('uploadId')) return listParts(request, state, options);
  if (request.method === 'GET' || request.method === 'HEAD') return read(request, state, key);
  const conditional = request.headers['if-none-match'] !== undefined;
  if (options.unconditional === true && conditional) return refusal({ status: 501, code: 'NotImplemented' });
  return write(request, state, key);
}

function write(request: S3Request, { objects, uploads }: State, key: string): Answer {
  const { method, query, body } = request;
  const id = query.get('uploadId') ?? '';
  const upload = uploads.get(id);
  const taken = request.headers['if-none-match'] === '*' && objects.has(key);
  if (taken) return refusal({ status: 412, code: 'PreconditionFailed' });
  if (method === 'POST' && query.has('uploads')) {
    const fresh = randomBytes(12).toString('base64');
    uploads.set(fresh, { key, parts: new Map(), startedAt: Date.now() });
    return xml(
      `<InitiateMultipartUploadResult><UploadId>${fresh}</UploadId></InitiateMultipartUploadResult>`,
    );
  }
  if (id !== '' && upload?.key !== key) return refusal({ status: 404, code: 'NoSuchUpload' });
  if (method === 'PUT' && upload !== undefined) {
    upload.parts.set(Number(query.get('partNumber')), body);
    return { status: 200, headers: { etag: etagOf(body) } };
  }
  if (method === 'POST' && upload !== undefined) return complete(request, { objects, uploads }, key, id);
  if (method === 'PUT') {
    objects.set(key, { bytes: body, changedAt: Date.now() });
  } else if (method === 'DELETE' && upload !== undefined) {
    uploads.delete(id);
  } else if (method === 'DELETE') {
    objects.delete(key);
  }
  return { status: method === 'DELETE' ? 204 : 200 };
}

function complete(
  { body }: S3Request,
  { objects, uploads }: Pick<State, 'objects' | 'uploads'>,
  key: string,
  id: string,
): Answer {
  const parts = uploads.get(id)?.parts ?? new Map<number, Buffer>();
  const named = [...body.toString().matchAll(/<PartNumber>(\d+)<\/PartNumber><ETag>([^<]*)<\/ETag>/g)];
  const bytes = named.flatMap(([, number, tag]) => {
    const part = parts.get(Number(number));
    return part !== undefined && tag?.replaceAll('&#34;', '"') === etagOf(part) ? [part] : [];
  });
  const small = bytes.slice(0, -1).some((part) => part.length < 5 * 1024 * 1024);
  if (bytes.length !== parts.size || small) {
    return xml(`<Error><Code>${small ? 'EntityTooSmall' : 'InvalidPart'}</Code></Error>`);
  }
  objects.set(key, { bytes: Buffer.concat(bytes), changedAt: Date.now() });
  uploads.delete(id);
  return xml('<CompleteMultipartUploadResult><ETag>"x-2"</ETag></CompleteMultipartUploadResult>');
}

function listParts({ query }: S3Request, { uploads }: State, options: S3StubOptions): Answer {
  const upload = uploads.get(query.get('uploadId') ?? '');
  if (upload === undefined) return refusal({ status: 404, code: 'NoSuchUpload' });
  const after = Number(query.get('part-number-marker') ?? 0);
  const size = options.pageSize ?? 1000;
  const left = [...upload.parts].filter(([number]) => number > after).sort(([a], [b]) => a - b);
  const page = left.slice(0, size);
  const entries = page.map(
    ([number, bytes]) =>
      `<Part><PartNumber>${number}</PartNumber><ETag>${etagOf(bytes).replaceAll('"', '&quot;')}</ETag><Size>${bytes.length}</Size></Part>`,
  );
  const next = `<NextPartNumberMarker>${page.at(-1)?.[0] ?? 0}</NextPartNumberMarker>`;
  return xml(
    `<ListPartsResult><IsTruncated>${String(left.length > size)}</IsTruncated>${next}${entries.join('')}</ListPartsResult>`,
  );
}

function read({ headers }: S3Request, { objects }: State, key: string): Answer {
  const found = objects.get(key);
  if (found === undefined) return refusal({ status: 404, code: 'NoSuchKey' });
  const { bytes } = found;
  const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? '') ?? [];
  const start = Number(from ?? 0);
  const end = Math.min(bytes.length, to === undefined ? bytes.length : Number(to) + 1);
  if (start >= bytes.length && from !== undefined) {
    return refusal({ status: 416, code: 'InvalidRange' });
  }
  const range = from === undefined ? {} : { 'content-range': `bytes ${start}-${end - 1}/${bytes.length}` };
  const headersOut = { ...range, 'content-length': end - start };
  return { status: from === undefined ? 200 : 206, headers: headersOut, body: bytes.subarray(start, end) };
}

function list({ query }: S3Request, { objects }: State, options: S3StubOptions): Answer {
  const prefix = query.get('prefix') ?? '';
  const after = Buffer.from(query.get('continuation-token') ?? '', 'base64').toString();
  const size = options.pageSize ?? 1000;
  const names = [...objects.keys()].filter((name) => name.startsWith(prefix) && name > after).sort();
  const page = names.slice(0, size);
  const entries = page.map((name) => {
    const { bytes, changedAt } = objects.get(name) ?? { bytes: Buffer.alloc(0), changedAt: 0 };
    return `<Contents><Key>${encodeURIComponent(name)}</Key><LastModified>${new Date(changedAt).toISOString()}</LastModified><ETag>&quot;x&quot;</ETag><Size>${bytes.length}</Size></Contents>`;
  });
  const token = Buffer.from(page.at(-1) ?? '').toString('base64');
  const next = names.length > size ? `<NextContinuationToken>${token}</NextContinuationToken>` : '';
  return xml(
    `<ListBucketResult><IsTruncated>${String(names.length > size)}</IsTruncated>${next}${entries.join('')}</ListBucketResult>`,
  );
}

function listUploads({ uploads }: State): Answer {
  const entries = [...uploads].map(
    ([id, { key, startedAt }]) =>
      `<Upload><Key>${encodeURIComponent(key)}</Key><UploadId>${id}</UploadId><Initiated>${new Date(startedAt).toISOString()}</Initiated></Upload>`,
  );
  return xml(`<ListMultipartUploadsResult>${entries.join('')}</ListMultipartUploadsResult>`);
}

/** By the rules of "Create a signed AWS API request", from what came over the wire. */
function checkSignature(request: S3Request, now: number, isPublic: boolean): Refusal | undefined {
  const { method, path, query, headers, body } = request;
  const given = headers.authorization;
  if (given === undefined) {
    return isPublic && (method === 'GET' || method === 'HEAD')
      ? undefined
      : { status: 403, code: 'AccessDenied' };
  }
  const [, id, scope, names = '', signature] =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\S+), SignedHeaders=(\S+), Signature=([0-9a-f]{64})$/.exec(
      given,
    ) ?? [];
  const date = String(headers['x-amz-date']);
  if (id !== s3Key.accessKeyId) return { status: 403, code: 'InvalidAccessKeyId' };
  if (scope !== `${date.slice(0, 8)}/eu-test-1/s3/aws4_request`) {
    return { status: 400, code: 'AuthorizationHeaderMalformed', extra: '<Region>eu-test-1</Region>' };
  }
  const sentAt = Date.parse(date.replace(/^(....)(..)(..T..)(..)(..Z)$/, '$1-$2-$3:$4:$5'));
  if (!(Math.abs(sentAt - now) < 15 * 60_000)) return { status: 403, code: 'RequestTimeTooSkewed' };
  if (headers['x-amz-content-sha256'] !== hex(body))
    return { status: 400, code: 'XAmzContentSHA256Mismatch' };
  const pairs = [...query].map(([name, value]) => `${encoded(name)}=${encoded(value)}`).sort();
  const signed = names.split(';').map((name) => `${name}:${String(headers[name]).trim()}\n`);
  const canonical = [method, path, pairs.join('&'), signed.join(''), names, hex(body)].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', date, scope, hex(canonical)].join('\n');
  const keys = scope
    .split('/')
    .reduce<string | Buffer>((key, part) => mac(key, part), `AWS4${s3Key.secretAccessKey}`);
  const needed = ['host', 'x-amz-content-sha256', 'x-amz-date'].every((name) =>
    names.split(';').includes(name),
  );
  return needed && mac(keys, toSign).toString('hex') === signature
    ? undefined
    : { status: 403, code: 'SignatureDoesNotMatch' };
}

const hex = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');
const mac = (key: string | Buffer, data: string): Buffer => createHmac('sha256', key).update(data).digest();
const encoded = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
const etagOf = (bytes: Buffer): string => `"${createHash('md5').update(bytes).digest('hex')}"`;

function refusal({ status, code, extra = '' }: Refusal): Answer {
  const body = `<?xml version="1.0"?><Error><Code>${code}</Code><Message>the stub says ${code}</Message>${extra}</Error>`;
  return { status, headers: { 'content-type': 'application/xml' }, body };
}

const xml = (body: string): Answer => ({
  status: 200,
  headers: { 'content-type': 'application/xml' },
  body: `<?xml version="1.0" encoding="UTF-8"?>\n${body}`,
});
