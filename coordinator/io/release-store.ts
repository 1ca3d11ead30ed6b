import { directoryStore } from '../../shared/distribution/directory-store.js';
import { openManagedStore, openStore } from '../../shared/distribution/open-store.js';
import type { ManagedStore, StoreReader } from '../../shared/distribution/store.js';

/** Where this coordinator's releases are kept, and how everybody comes to it. */
export interface ReleaseStore {
  /** Reads what publishers have sent. */
  readonly reader: StoreReader;
  /** Base URL for agents. */
  readonly publicUrl: string;
  /**
   * For publishers: where to write, and what lets them; an empty URL if it can only be read.
   * @param holder the hash of the operator's token, with which the ticket ends
   */
  upload(holder: string | undefined): { readonly url: string; readonly ticket: string };
  /** @throws CapstanError `refused` if it can only be read */
  manage(): ManagedStore;
}

interface ReleaseStoreOptions {
  /** Undefined: the directory. */
  readonly url: string | undefined;
  /** Given out and written to by the coordinator's own HTTP server. */
  readonly directory: {
    readonly path: string;
    readonly url: string;
    readonly ticket: (holder: string | undefined) => string;
  };
  readonly publicUrl: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * A directory is written through the coordinator, with a ticket; S3 by publishers themselves, with credentials of their own;
 * a web server by nobody.
 */
export function createReleaseStore({ url, directory, publicUrl, env }: ReleaseStoreOptions): ReleaseStore {
  if (url === undefined) {
    const store = directoryStore(directory.path);
    return {
      reader: store,
      publicUrl: publicUrl ?? directory.url,
      upload: (holder) => ({ url: directory.url, ticket: directory.ticket(holder) }),
      manage: () => store,
    };
  }
  return {
    reader: openStore(url, { env }),
    publicUrl: publicUrl ?? url,
    upload: () => ({ url: url.startsWith('s3:') ? url : '', ticket: '' }),
    manage: () => openManagedStore(url, { env }),
  };
}
