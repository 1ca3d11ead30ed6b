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
  /** Short ways to this release for a node that has another one; at most `maxDeltas`. */
  readonly deltas: readonly DeltaRef[];
  /** Folders of the release that are published for browsers as well; absent: none. At most `maxAssetFolders`. */
  readonly assets?: readonly AssetFolder[];
  /** Absent: the release asks nothing of the database. */
  readonly database?: DatabaseFact;
  /** Who signed it: a DSSE envelope as JSON, of at most `maxEnvelopeBytes`. Absent: nobody did. */
  readonly envelope?: string;
}

/** Room for `maxSignatures`, and for a statement about the longest names there are. */
export const maxEnvelopeBytes = 8192;
/** So many keys may have signed one release. */
export const maxSignatures = 16;

/** What a coordinator has to know of a release's database step; what it runs stays in the release. */
export interface DatabaseFact {
  /** False: once it has begun there is no way back past it. */
  readonly reversible: boolean;
  /** Milliseconds. */
  readonly timeoutMs: number;
}

/** A folder that is published under a URL of its own, which changes exactly when something in the folder does. */
export interface AssetFolder {
  /** Its path in the release. */
  readonly dir: string;
  /** SHA-256 of the canonical manifest of this folder alone. */
  readonly digest: Digest;
}

export const maxAssetFolders = 20;

/** A release may be reached from so many others by a delta. */
export const maxDeltas = 8;

/**
 * What a node that has the release `from` fetches instead of manifest and layout: what changed in the manifest, and
 * where the contents lie that `from` does not have. An abbreviation: if it is missing or wrong, the whole is fetched.
 */
export interface DeltaRef {
  readonly from: Digest;
  /** Of the object as it is stored; it is not used if it has another digest. */
  readonly digest: Digest;
  readonly size: number;
  /** Once unpacked. */
  readonly rawSize: number;
  /** For changed files, what changed in them; undefined if it was not worth it. */
  readonly patch: { readonly digest: Digest; readonly size: number } | undefined;
}

/** A release as the coordinator knows it. */
export interface Release extends ReleaseRef {
  readonly app: AppName;
  /** Milliseconds since the epoch, the coordinator's clock. Order of publication is the order of releases. */
  readonly publishedAt: number;
  readonly publishedBy: string;
  /** When its objects were given up, so that it cannot be deployed any more; absent while they are kept. */
  readonly retiredAt?: number;
}
