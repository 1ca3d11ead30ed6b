import { formatBytes } from '../../../shared/core/bytes.js';
import { formatDuration } from '../../../shared/core/duration.js';
import { shortKeyId } from '../../../shared/core/envelope.js';
import type { Published } from '../../../shared/distribution/publish.js';
import type { AppName, Digest } from '../../../shared/model/ids.js';
import type { ReleaseRef } from '../../../shared/model/release.js';
import { contentText } from './catalogue.js';

/** What became of publishing. */
export interface PublishOutcome {
  readonly app: AppName;
  readonly published: Published;
  /** The version meant this content before. */
  readonly existed: boolean;
  /** The store had lost something of it. */
  readonly repaired: boolean;
  /** Those that could be built on: a patch leads from one of them. */
  readonly bases: readonly ReleaseRef[];
  /** URLs of assets by folder. */
  readonly assets: Readonly<Record<string, string>>;
  /** Ids of the keys that have signed it, as the coordinator has them now. */
  readonly signers: readonly string[];
  /** It was to be signed now. */
  readonly signs: boolean;
}

/** The first digits of a digest, for people. */
export const shortDigest = (digest: string): string => digest.slice(0, 'sha256:'.length + 12);

/** What is published as `--output json` prints it; sizes in bytes. */
export function publishJson({ app, published, existed, repaired, bases, assets, signers }: PublishOutcome) {
  const { ref, uploadedBytes, reusedBytes, durationMs } = published;
  const patch = patchOf(ref, bases);
  return {
    app,
    version: ref.version,
    digest: ref.digest,
    contentSize: ref.contentSize,
    fileCount: ref.fileCount,
    packSize: ref.packSize,
    existed,
    ...(repaired ? { repaired } : {}),
    uploadedBytes,
    newBytes: ref.packSize - reusedBytes,
    reusedBytes,
    ...(patch === undefined ? {} : { patchFrom: patch.from, patchBytes: patch.size }),
    ...(Object.keys(assets).length === 0 ? {} : { assets }),
    signedBy: signers,
    durationMs,
  };
}

export function publishText({
  app,
  published,
  existed,
  repaired,
  bases,
  assets,
  signers,
  signs,
}: PublishOutcome): string {
  const { ref, uploadedBytes, reusedBytes, durationMs } = published;
  const name = `${app}@${ref.version}`;
  const keys = signers.map(shortKeyId).join(', ');
  const signed = keys === '' ? '' : `signed by key ${keys}\n`;
  const urls = Object.entries(assets).map(([dir, url]) => `assets ${dir}: ${url}\n`);
  if (existed) {
    const same = `${name} is published already with the same content (${shortDigest(ref.digest)})`;
    return repaired
      ? `${same}; the store has all of it again (${formatBytes(uploadedBytes)} sent).\n${signed}`
      : `${same}; ${signs ? 'only signatures were added' : 'nothing was changed'}.\n${signed}`;
  }
  const reused = reusedBytes === 0 ? '' : `, ${formatBytes(reusedBytes)} of earlier releases reused`;
  const patch = patchOf(ref, bases);
  const patched = patch === undefined ? '' : `, patch from ${patch.from}: ${formatBytes(patch.size)}`;
  const sent = `${formatBytes(uploadedBytes)} sent in ${formatDuration(durationMs)}`;
  return `Published ${name} ${shortDigest(ref.digest)}: ${contentText(ref)}, ${sent}${reused}${patched}.\n${signed}${urls.join('')}`;
}

/** The patch of a release, with the version it leads from; the digest where that is not known. */
function patchOf(
  { deltas }: ReleaseRef,
  bases: readonly ReleaseRef[],
): { readonly from: string; readonly size: number } | undefined {
  for (const { from, patch } of deltas)
    if (patch !== undefined) return { from: nameOf(from, bases), size: patch.size };
  return undefined;
}

const nameOf = (digest: Digest, bases: readonly ReleaseRef[]): string =>
  bases.find((base) => base.digest === digest)?.version ?? shortDigest(digest);
