import { CapstanError } from '../model/errors.js';
import { httpStore } from './http-store.js';
import { type ObjectKey, objectUrlPath, parseObjectPath } from './object-key.js';
import { withRetry } from './retry.js';
import { readListPage, readUnfinishedUploads } from './s3-answers.js';
import { s3Client } from './s3-client.js';
import type { Environment } from './s3-credentials.js';
import type { S3Location } from './s3-location.js';
import { uploadToS3 } from './s3-upload.js';
import type { CallOptions, ManagedStore } from './store.js';

interface S3StoreOptions {
  /** Where credentials and the region come from. */
  readonly env: Environment;
  readonly maxConnections?: number;
}

/** How often a page of a listing, or a removal, is asked for. */
const attempts = 5;

/**
 * A store in S3 or its kin. Reads as from any HTTP server, with every request signed; without credentials it is read
 * unsigned, as a public bucket is.
 */
export function s3Store(location: S3Location, { env, maxConnections = 4 }: S3StoreOptions): ManagedStore {
  const client = s3Client(location, env, maxConnections);
  const { bucketUrl, prefix, url } = location;
  const folder = prefix === '' ? '' : `${prefix}/`;
  const base = `${bucketUrl}/${folder}`.replace(/\/$/, '');
  const reader = httpStore(base, { send: client.send, explain: client.explain });
  const urlOf = (key: ObjectKey): string => `${base}/${objectUrlPath(key)}`;
  const keyOf = (name: string): ObjectKey | undefined =>
    name.startsWith(folder) ? parseObjectPath(name.slice(folder.length)) : undefined;

  /** The answer to a HEAD has no body that says why it was refused; that to a GET has one. */
  const has = async (key: ObjectKey, { signal }: CallOptions = {}): Promise<boolean> => {
    const head = await client.call({ method: 'HEAD', url: urlOf(key), accept: 'any', signal });
    if (head.status === 200 || head.status === 404) return head.status === 200;
    const probe = { method: 'GET', url: urlOf(key), headers: { range: 'bytes=0-0' } } as const;
    const answer = await client.call({ ...probe, accept: [206, 404, 416], signal });
    return answer.status !== 404;
  };

  return {
    url,
    has,
    get: (...args) => reader.get(...args),
    getRange: (...args) => reader.getRange(...args),

    async put(key, source, options = {}) {
      if (await has(key, options)) return;
      await uploadToS3(client, urlOf(key), key, source, options);
    },

    async *list(kind, { signal } = {}) {
      const query = `list-type=2&encoding-type=url&prefix=${encodeURIComponent(`${folder}${kind}/`)}`;
      let from = '';
      for (;;) {
        const target = `${bucketUrl}/?${query}${from}`;
        const { text } = await withRetry(() => client.call({ method: 'GET', url: target, signal }), {
          attempts,
          signal,
        });
        const { keys, next } = readListPage(text);
        for (const { name, size, changedAt } of keys) {
          const key = keyOf(name);
          if (key !== undefined) yield { key, size, changedAt };
        }
        if (next === undefined) return;
        const continued = `&continuation-token=${encodeURIComponent(next)}`;
        if (continued === from || keys.length === 0) throw endless(url);
        from = continued;
      }
    },

    async remove(key, { signal } = {}) {
      const request = { method: 'DELETE', url: urlOf(key), accept: [200, 204, 404], signal } as const;
      await withRetry(() => client.call(request), { attempts, signal });
    },

    async sweep(before, { signal } = {}) {
      const target = `${bucketUrl}/?uploads=&encoding-type=url&prefix=${encodeURIComponent(folder)}`;
      const { status, text } = await client.call({ method: 'GET', url: target, accept: [200, 501], signal });
      if (status === 501) return 0; // it has no such list, and then no way to have forgotten any
      const old = readUnfinishedUploads(text).filter(
        ({ name, startedAt }) => startedAt < before && keyOf(name) !== undefined,
      );
      for (const { name, id } of old) {
        const upload = `${bucketUrl}/${name}?uploadId=${encodeURIComponent(id)}`;
        await client.call({ method: 'DELETE', url: upload, accept: [200, 204, 404], signal });
      }
      return old.length;
    },
  };
}

const endless = (url: string): CapstanError =>
  new CapstanError('failed', `${url} lists its objects without coming to an end`);
