import { readFileSync } from 'node:fs';
import { CapstanError } from '../model/errors.js';
import { directoryStore } from './directory-store.js';
import { type HttpStoreOptions, httpStore } from './http-store.js';
import type { Environment } from './s3-credentials.js';
import { parseS3Url, type S3Location } from './s3-location.js';
import type { ManagedStore, Store } from './store.js';
import { checkStoreUrl, directoryOfStore } from './store-url.js';

export interface OpenStoreOptions
  extends Pick<HttpStoreOptions, 'ticket' | 'renewTicket' | 'maxConnections' | 'ca'> {
  /** Where an `s3:` store finds credentials; none by default. */
  readonly env?: Environment;
}

/**
 * The client for a store's base URL: `file:/path`, `http://…`, `https://…` or `s3://bucket/…`.
 * @throws CapstanError `invalid` for anything else, and for a URL that holds credentials
 */
export function openStore(url: string, options: OpenStoreOptions = {}): Store {
  checkStoreUrl('the URL of the store', url);
  return isHttp(url) ? httpStore(url, { ...options, ca: trusted(options) }) : openManagedStore(url, options);
}

/**
 * The client for a store that can be looked through and tidied up: a directory or S3.
 * @throws CapstanError `refused` for a web server, which can be read only; `invalid`
 */
export function openManagedStore(url: string, options: OpenStoreOptions = {}): ManagedStore {
  checkStoreUrl('the URL of the store', url);
  if (isHttp(url)) {
    throw new CapstanError('refused', `the store ${url} can only be read, since it is a web server`, {
      hint: 'use the directory or the bucket behind it',
    });
  }
  const directory = directoryOfStore(url);
  return directory === undefined ? lazyS3Store(parseS3Url(url), options) : directoryStore(directory);
}

/** Node.js leaves out what it was told of at its start as soon as it is given anything else to trust. */
function trusted({ ca, env = {} }: OpenStoreOptions): string | undefined {
  const file = env['NODE_EXTRA_CA_CERTS'] ?? '';
  return ca === undefined || file === '' ? ca : `${readFileSync(file, 'utf8')}\n${ca}`;
}

const isHttp = (url: string): boolean => /^https?:/i.test(url);

/** Signing and XML are loaded with the first request, and never by a process that has no such store. */
function lazyS3Store(location: S3Location, { env = {}, maxConnections = 4 }: OpenStoreOptions): ManagedStore {
  let opening: Promise<ManagedStore> | undefined;
  const opened = (): Promise<ManagedStore> => {
    opening ??= import('./s3-store.js').then(({ s3Store }) => s3Store(location, { env, maxConnections }));
    return opening;
  };
  return {
    url: location.url,
    has: async (...args) => (await opened()).has(...args),
    get: async (...args) => (await opened()).get(...args),
    async *getRange(...args) {
      yield* (await opened()).getRange(...args);
    },
    put: async (...args) => (await opened()).put(...args),
    async *list(...args) {
      yield* (await opened()).list(...args);
    },
    remove: async (...args) => (await opened()).remove(...args),
    sweep: async (...args) => (await opened()).sweep(...args),
  };
}
