import { openManagedStore } from '../../shared/distribution/open-store.js';
import type { Environment } from '../../shared/distribution/s3-credentials.js';
import type { ManagedStore } from '../../shared/distribution/store.js';
import { directoryOfStore } from '../../shared/distribution/store-url.js';

/** The public store, from which browsers fetch assets. */
export interface AssetStore {
  readonly store: ManagedStore;
  /** What the URL of every asset begins with; without a slash at its end. */
  readonly publicUrl: string;
  /** Where publishers send assets. */
  readonly uploadUrl: string;
  /**
   * What lets them; '' where they need credentials of their own.
   * @param holder the hash of the operator's token, with which the ticket ends
   */
  ticket(holder: string | undefined): string;
}

interface AssetStoreOptions {
  /** `file:/path` or `s3://bucket/prefix`. */
  readonly url: string;
  /** Undefined: the coordinator serves it itself. */
  readonly publicUrl: string | undefined;
  /** The store that the coordinator serves out of a directory. */
  readonly builtIn: { readonly url: string; readonly ticket: (holder: string | undefined) => string };
  readonly env: Environment;
}

/** @throws CapstanError `invalid`, `refused` for a URL that is no store that can be written */
export function createAssetStore({ url, publicUrl, builtIn, env }: AssetStoreOptions): AssetStore {
  const store = openManagedStore(url, { env });
  const isBuiltIn = directoryOfStore(url) !== undefined;
  return {
    store,
    publicUrl: (publicUrl ?? builtIn.url).replace(/\/+$/, ''),
    uploadUrl: isBuiltIn ? builtIn.url : url,
    ticket: (holder) => (isBuiltIn ? builtIn.ticket(holder) : ''),
  };
}
