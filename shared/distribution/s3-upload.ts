import { CapstanError } from '../model/errors.js';
import { digestCheck } from './digest-check.js';
import { objectHeaders } from './object-headers.js';
import { type ObjectKey, objectPath } from './object-key.js';
import { withRetry } from './retry.js';
import { completionOf, isCompleted, readParts, readUploadId, type UploadedParts } from './s3-answers.js';
import type { S3Client } from './s3-client.js';
import type { ObjectSource, PutOptions } from './store.js';

/** Objects up to this size are sent in one request. Bytes. */
const wholeBytes = 16 * 1024 * 1024;
/** Bytes; 5 MiB is the least that S3 takes. */
const leastPartBytes = 8 * 1024 * 1024;
const mostParts = 10_000;
/** Parts under way at once: with the one being filled, 40 MiB. */
const inFlight = 4;
/** How often a part, or the completion, is sent before the upload fails. */
const attempts = 5;
const abortMs = 10_000;

interface Upload {
  readonly client: S3Client;
  readonly url: string;
  readonly key: ObjectKey;
  readonly source: ObjectSource;
  readonly signal: AbortSignal | undefined;
  readonly onResume: PutOptions['onResume'];
  readonly note: PutOptions['note'];
}

/**
 * Puts an object there, checked before it appears; above 16 MiB in parts. Those that have arrived are left to the next try
 * if there is a note of them and the failure is one of reaching the other side; else nothing is left.
 */
export async function uploadToS3(
  client: S3Client,
  url: string,
  key: ObjectKey,
  source: ObjectSource,
  { signal, onResume, note }: PutOptions,
): Promise<void> {
  const upload: Upload = { client, url, key, source, signal, onResume, note };
  await (source.size <= wholeBytes ? putWhole(upload) : putInParts(upload));
}

async function putWhole({ client, url, key, source, signal }: Upload): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const part of checkedParts(key, source, Math.max(1, source.size))) chunks.push(part);
  const body = Buffer.concat(chunks);
  const headers = objectHeaders(key);
  await withRetry(
    () =>
      ifAbsent((condition) =>
        client.call({ method: 'PUT', url, headers: { ...headers, ...condition }, body, accept, signal }),
      ),
    { attempts, signal },
  );
}

/** 412: it came to be there meanwhile, with the same bytes, since it is named by them. */
const accept = [200, 204, 412];

/** Some servers do not know the condition: they overwrite, which does no harm. */
async function ifAbsent<Answer>(
  write: (condition: Readonly<Record<string, string>>) => Promise<Answer>,
): Promise<Answer> {
  try {
    return await write({ 'if-none-match': '*' });
  } catch (error) {
    if (!(error instanceof CapstanError && /NotImplemented|status 501/.test(error.message))) throw error;
    return write({});
  }
}

async function putInParts(upload: Upload): Promise<void> {
  const { client, url, signal } = upload;
  const { id, parts: had } = (await noted(upload)) ?? (await begin(upload));
  try {
    const tags = await sendParts(upload, id, had);
    await withRetry(
      () =>
        ifAbsent(async (condition) => {
          const target = `${url}?uploadId=${id}`;
          const body = completionOf(tags);
          const answer = await client.call({
            method: 'POST',
            url: target,
            headers: condition,
            body,
            accept,
            signal,
          });
          if (answer.status === 412) await abort(client, url, id);
          else if (!isCompleted(answer.text)) throw notCompleted(upload.key, answer.text);
        }),
      { attempts, signal },
    );
  } catch (error) {
    const mayGoOn = upload.note !== undefined && resumable.has(CapstanError.from(error).code);
    if (!mayGoOn) await abort(client, url, id);
    throw error;
  }
}

const resumable: ReadonlySet<string> = new Set(['unreachable', 'unavailable', 'cancelled']);

interface Begun extends Pick<UploadedParts, 'parts'> {
  /** As it stands in a URL. */
  readonly id: string;
}

async function begin({ client, url, key, signal, note }: Upload): Promise<Begun> {
  const headers = objectHeaders(key);
  const begun = await client.call({ method: 'POST', url: `${url}?uploads=`, headers, signal });
  const id = encodeURIComponent(readUploadId(begun.text));
  await note?.write(`${url} ${id}`);
  return { id, parts: new Map() };
}

/** The upload of an earlier try, and what is there of it; undefined if there is none, or it cannot be looked at. */
async function noted({ client, url, signal, note }: Upload): Promise<Begun | undefined> {
  const [where, id = ''] = (await note?.read())?.split(' ') ?? [];
  if (where !== url || !/^[\w.%~*'()!-]{1,2048}$/.test(id)) return undefined;
  const parts = new Map<number, { readonly tag: string; readonly size: number }>();
  try {
    for (let marker: string | undefined = '0'; marker !== undefined; ) {
      const target = `${url}?uploadId=${id}&part-number-marker=${marker}`;
      const { text } = await withRetry(() => client.call({ method: 'GET', url: target, signal }), {
        attempts,
        signal,
      });
      const page = readParts(text);
      for (const [number, part] of page.parts) parts.set(number, part);
      const isFurther: boolean = Number(page.next) > Number(marker);
      marker = isFurther ? page.next : undefined;
    }
  } catch (error) {
    if (resumable.has(CapstanError.from(error).code)) throw error;
    return undefined;
  }
  return { id, parts };
}

const notCompleted = (key: ObjectKey, text: string): CapstanError => {
  const code = /<Code>(\w{1,60})<\/Code>/.exec(text)?.[1] ?? 'it does not say why';
  return new CapstanError(
    'unreachable',
    `the parts of ${objectPath(key)} could not be put together: ${code}`,
  );
};

/** What cannot be aborted now is found by `capstan store gc`, or by a rule of the bucket. */
async function abort(client: S3Client, url: string, id: string): Promise<void> {
  const signal = AbortSignal.timeout(abortMs);
  await client.call({ method: 'DELETE', url: `${url}?uploadId=${id}`, signal }).catch(() => undefined);
}

/** @returns the tags of the parts, in order */
async function sendParts(
  { client, url, key, source, signal, onResume }: Upload,
  id: string,
  had: UploadedParts['parts'],
): Promise<readonly string[]> {
  const tags: string[] = [];
  let hadBytes = 0;
  const under = new Set<Promise<void>>();
  const failed = new AbortController();
  const either = signal === undefined ? failed.signal : AbortSignal.any([signal, failed.signal]);
  const sendPart = async (index: number, body: Buffer): Promise<void> => {
    const target = `${url}?partNumber=${index + 1}&uploadId=${id}`;
    const { headers } = await withRetry(
      () => client.call({ method: 'PUT', url: target, body, signal: either }),
      { attempts, signal: either },
    );
    if (headers.etag === undefined) throw new CapstanError('failed', `${target} was answered without a tag`);
    tags[index] = headers.etag;
  };
  const partBytes = Math.max(leastPartBytes, Math.ceil(source.size / mostParts));
  let failure: unknown;
  let index = 0;
  try {
    for await (const part of checkedParts(key, source, partBytes)) {
      const there = had.get(index + 1);
      if (there?.size === part.length) {
        tags[index] = there.tag;
        index += 1;
        hadBytes += part.length;
        onResume?.(hadBytes);
        continue;
      }
      const settled = sendPart(index, part)
        .catch((error: unknown) => {
          failure ??= error;
          failed.abort(); // the others are of no use any more
        })
        .finally(() => under.delete(settled));
      under.add(settled);
      index += 1;
      if (under.size >= inFlight) await Promise.race(under);
      if (failure !== undefined) break;
    }
  } catch (error) {
    failure ??= error;
    failed.abort();
  }
  await Promise.all(under);
  if (failure !== undefined) throw CapstanError.from(failure, 'failed');
  return tags;
}

/**
 * The bytes of an object in pieces of one size, the last one smaller. Ends only if they are what the object is named by.
 * @throws CapstanError `corrupt`
 */
async function* checkedParts(
  key: ObjectKey,
  source: ObjectSource,
  partBytes: number,
): AsyncGenerator<Buffer> {
  const check = digestCheck(key);
  let part = Buffer.allocUnsafe(Math.min(partBytes, source.size));
  let filled = 0;
  let done = 0;
  try {
    for await (const chunk of source.open()) {
      done += chunk.length;
      if (done > source.size) break;
      await check.write(chunk);
      for (let taken = 0; taken < chunk.length; ) {
        const copied = chunk.copy(part, filled, taken);
        taken += copied;
        filled += copied;
        if (filled < partBytes) continue;
        yield part;
        part = Buffer.allocUnsafe(
          Math.min(partBytes, Math.max(0, source.size - done + chunk.length - taken)),
        );
        filled = 0;
      }
    }
    if (done !== source.size) {
      throw new CapstanError(
        'corrupt',
        `what was sent as ${objectPath(key)} does not have the ${source.size} bytes announced`,
      );
    }
    await check.end();
    if (filled > 0) yield part.subarray(0, filled);
  } finally {
    check.abandon();
  }
}
