import type { ObjectKey, ObjectKind } from './object-key.js';

export interface CallOptions {
  readonly signal?: AbortSignal;
}

export interface GetOptions extends CallOptions {
  /** Told of what comes, as it comes: for who counts or limits it. Reading goes on when it resolves. */
  readonly onBytes?: (count: number) => Promise<void> | void;
}

export interface PutOptions extends CallOptions {
  /** Told how many bytes are not sent, since they are there of an upload that broke off. */
  readonly onResume?: (had: number) => void;
  /** Kept from one try to the next; without it, a store that needs it begins anew. */
  readonly note?: UploadNote | undefined;
}

/** What a store has to know to go on with an upload that broke off. */
export interface UploadNote {
  read(): Promise<string | undefined>;
  write(text: string): Promise<void>;
}

export interface RangeOptions extends CallOptions {
  /**
   * A store that cannot send a part of an object calls this, and then hands on the whole object from its first byte
   * instead of the range. Without it, such a store leaves out what was not asked for.
   */
  readonly onWhole?: () => void;
}

/**
 * A place that holds the objects of releases. What it delivers is not to be trusted: callers check digests.
 * Every call is bounded in time and memory and fails with a CapstanError: `unreachable` (try again or elsewhere),
 * `notFound`, `corrupt` (the bytes are not what they should be), `refused`, `failed`, `cancelled`.
 */
export interface StoreReader {
  /** The base URL, for messages. Holds no secrets. */
  readonly url: string;
  has(key: ObjectKey, options?: CallOptions): Promise<boolean>;
  /** A whole object. `corrupt` if it has more than `maxBytes`. */
  get(key: ObjectKey, maxBytes: number, options?: GetOptions): Promise<Buffer>;
  /** `length` bytes from `offset`, in pieces as they come; `corrupt` if the object has another size. */
  getRange(key: ObjectKey, range: ByteRange, options?: RangeOptions): AsyncIterable<Buffer>;
  /** Whether it can send a part of an object, as far as its answers have shown; undefined: not known yet. */
  readonly sendsRanges?: () => boolean | undefined;
}

/** In bytes. */
export interface ByteRange {
  readonly offset: number;
  readonly length: number;
  /** What the whole object must have. One that has more or less is not the one that was put there. */
  readonly objectSize: number;
}

export interface Store extends StoreReader {
  /**
   * Puts an object there, whole or not at all, and not before its digest has been checked. Putting what is there
   * does nothing.
   */
  put(key: ObjectKey, source: ObjectSource, options?: PutOptions): Promise<void>;
}

/** A store that can be looked through and tidied up. */
export interface ManagedStore extends Store {
  /** All objects of a kind, in no order; what is no object of ours is left out. */
  list(kind: ObjectKind, options?: CallOptions): AsyncIterable<StoredObject>;
  /** Removing what is not there does nothing. */
  remove(key: ObjectKey, options?: CallOptions): Promise<void>;
  /**
   * Removes what writers began before a time and never finished.
   * @param before milliseconds since the epoch
   * @returns how many there were
   */
  sweep(before: number, options?: CallOptions): Promise<number>;
}

export interface StoredObject {
  readonly key: ObjectKey;
  /** Bytes, as stored. */
  readonly size: number;
  /** When it was last put there, by the store's clock. Milliseconds since the epoch. */
  readonly changedAt: number;
}

/** Bytes that can be read again if a transfer has to be repeated. */
export interface ObjectSource {
  /** Bytes. */
  readonly size: number;
  open(): AsyncIterable<Buffer>;
}

export const bufferSource = (bytes: Buffer): ObjectSource => ({
  size: bytes.length,
  async *open() {
    yield await Promise.resolve(bytes);
  },
});
