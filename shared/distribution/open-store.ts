import { fileURLToPath } from 'node:url';
import { CapstanError } from '../model/errors.js';
import { directoryStore } from './directory-store.js';
import { type HttpStoreOptions, httpStore } from './http-store.js';
import type { Store } from './store.js';

/**
 * The client for a store's base URL: `file:/path`, `http://…` or `https://…`.
 * @throws CapstanError `invalid` for anything else
 */
export function openStore(url: string, options: HttpStoreOptions = {}): Store {
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch (cause) {
    throw new CapstanError('invalid', `${JSON.stringify(url)} is not the URL of a store`, { cause, hint });
  }
  switch (parsed.protocol) {
    case 'file:':
      if (parsed.host !== '') {
        throw new CapstanError('invalid', `${url} names a host; a file: store is on this machine`, { hint });
      }
      return directoryStore(fileURLToPath(parsed).replace(/(?<=.)\/+$/, ''));
    case 'http:':
    case 'https:':
      return httpStore(url, options);
    default:
      throw new CapstanError('invalid', `${url} is not a kind of store this version knows`, { hint });
  }
}

const hint = 'give file:/absolute/path, http://… or https://…';
