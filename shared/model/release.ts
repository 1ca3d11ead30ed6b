import type { AppName, Digest, ReleaseVersion } from './ids.js';

/** How a node finds and bounds the objects of a release in a distribution store. All sizes are in bytes. */
export interface ReleaseRef {
  readonly version: ReleaseVersion;
  /** SHA-256 of the canonical manifest: the identity of the content, however it is packed. */
  readonly digest: Digest;
  /** Size of the canonical (uncompressed) manifest. */
  readonly manifestSize: number;
  readonly layout: { readonly digest: Digest; readonly size: number };
  /** Sum of the sizes of all files once unpacked. */
  readonly contentSize: number;
  readonly fileCount: number;
  /** Bytes of the packs that the layout refers to: what a cold install fetches. */
  readonly packSize: number;
}

/** A release as the coordinator knows it. */
export interface Release extends ReleaseRef {
  readonly app: AppName;
  /** Milliseconds since the epoch, the coordinator's clock. Order of publication is the order of releases. */
  readonly publishedAt: number;
  readonly publishedBy: string;
}
