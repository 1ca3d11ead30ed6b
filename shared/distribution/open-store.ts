import { fileURLToPath } from 'node:url';
import { CapstanError } from '../model/errors.js';
import { directoryStore } from './directory-store.js';
import { type HttpStoreOptions, httpStore } from './http-store.js';
import type { Environment } from './s3-credentials.js';
import { parseS3Url, type S3Location } from './s3-location.js';
import type { ManagedStore, Store } from './store.js';

export interface OpenStoreOptions extends Pick<HttpStoreOptions, 'ticket' | 'maxConnections'> {
  /** Where an `s3:` store finds credentials; none by default. */
  readonly env?: Environment;
}

/**
 * The client for a store's base URL: `file:/path`, `http://…`, `https://…` or `s3://bucket/…`.
 * @throws CapstanError `invalid` for anything else
 */
export function openStore(url: string, options: OpenStoreOptions = {}): Store {
  return isHttp(parsed(url)) ? httpStore(url, options) : openManagedStore(url, options);
}

/**
 * The client for a store that can be looked through and tidied up: a directory or S3.
 * @throws CapstanError `refused` for a web server, which can be read only; `invalid`
 */
export function openManagedStore(url: string, options: OpenStoreOptions = {}): ManagedStore {
  const location = parsed(url);
  if (isHttp(location)) {
    throw new CapstanError('refused', `the store ${url} can only be read, since it is a web server`, {
      hint: 'use the directory or the bucket behind it',
    });
  }
  switch (location.protocol) {
    case 'file:':
      if (location.host !== '') {
        throw new CapstanError('invalid', `${url} names a host; a file: store is on this machine`, { hint });
      }
      return directoryStore(fileURLToPath(location).replace(/(?<=.)\/+$/, ''));
    case 's3:':
      return lazyS3Store(parseS3Url(url), options);
    default:
      throw new CapstanError('invalid', `${url} is not a kind of store this version knows`, { hint });
  }
}

const isHttp = ({ protocol }: URL): boolean => protocol === 'http:' || protocol === 'https:';

function parsed(url: string): URL {
  try {
    return new URL(url);
  } catch (cause) {
    throw new CapstanError('invalid', `${JSON.stringify(url)} is not the URL of a store`, { cause, hint });
  }
}

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

const hint = 'give file:/absolute/path, http://…, https://… or s3://bucket/prefix';
