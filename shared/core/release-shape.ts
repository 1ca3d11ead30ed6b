import { isDigest, isReleaseVersion } from '../model/ids.js';
import type { AssetFolder, DatabaseFact, DeltaRef, ReleaseRef } from '../model/release.js';
import { count, flag, listOf, matching, object, optional, text } from './shapes.js';

const digest = matching(isDigest);
const sized = { digest, size: count };

export const isReleaseRef = object<ReleaseRef>({
  version: matching(isReleaseVersion),
  digest,
  manifestSize: count,
  layout: object<ReleaseRef['layout']>(sized),
  contentSize: count,
  fileCount: count,
  packSize: count,
  deltas: listOf(
    object<DeltaRef>({
      ...sized,
      from: digest,
      rawSize: count,
      patch: optional(object<NonNullable<DeltaRef['patch']>>(sized)),
    }),
  ),
  assets: optional(listOf(object<AssetFolder>({ dir: text, digest }))),
  database: optional(object<DatabaseFact>({ reversible: flag, timeoutMs: count })),
  envelope: optional(text),
});
