import * as z from 'zod';
import {
  type AppName,
  type Digest,
  isAppName,
  isDigest,
  isReleaseVersion,
  type ReleaseVersion,
} from '../../shared/model/ids.js';
import { maxDeltas, maxEnvelopeBytes } from '../../shared/model/release.js';
import type { StagerJob } from './protocol.js';

const absolutePath = z.string().regex(/^\/[^\0]*$/, 'must be an absolute path');
const bytes = z.int().min(0);
const appSchema = z.custom<AppName>((value) => typeof value === 'string' && isAppName(value));
const versionSchema = z.custom<ReleaseVersion>(
  (value) => typeof value === 'string' && isReleaseVersion(value),
);
const digestSchema = z.custom<Digest>((value) => typeof value === 'string' && isDigest(value));

const releaseRefSchema = z.strictObject({
  version: versionSchema,
  digest: digestSchema,
  manifestSize: bytes,
  layout: z.strictObject({ digest: digestSchema, size: bytes }),
  contentSize: bytes,
  fileCount: bytes,
  packSize: bytes,
  deltas: z
    .array(
      z.strictObject({
        from: digestSchema,
        digest: digestSchema,
        size: bytes,
        rawSize: bytes,
        patch: z
          .strictObject({ digest: digestSchema, size: bytes })
          .optional()
          .transform((patch) => patch),
      }),
    )
    .max(maxDeltas),
  envelope: z.string().max(maxEnvelopeBytes).exactOptional(),
});

const placesOfRelease = { releaseDir: absolutePath, recordFile: absolutePath };
const toVerify = { ...placesOfRelease, ignore: z.array(z.string()) };

/** What the child takes from whoever started it; it writes and removes at the paths that it is given. */
export const stagerJobSchema: z.ZodType<StagerJob> = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('stage'),
    app: appSchema,
    release: releaseRefSchema,
    stores: z.array(z.string()).min(1),
    stagingDir: absolutePath,
    ...placesOfRelease,
    reserveBytes: bytes,
    quotaBytes: bytes,
    reuseFrom: z.array(z.strictObject(placesOfRelease)),
    along: z.strictObject(toVerify).optional(),
    fetchBytesPerSecond: bytes,
    sharing: z.strictObject({ spoolDir: absolutePath, spoolBytes: bytes, fromBytes: bytes }).optional(),
    ca: z.string().optional(),
  }),
  z.strictObject({ kind: z.literal('verify'), ...toVerify }),
  z.strictObject({ kind: z.literal('drift'), ...placesOfRelease, expected: z.array(z.string()) }),
  z.strictObject({
    kind: z.literal('remove'),
    releases: z.array(z.strictObject(placesOfRelease)),
    stagingDir: absolutePath,
    slowly: z.boolean(),
  }),
  z.strictObject({ kind: z.literal('facts'), paths: z.array(absolutePath).min(1) }),
  z.strictObject({
    kind: z.literal('settings'),
    argv: z.array(z.string()),
    input: z.string().optional(),
  }),
  z.strictObject({ kind: z.literal('conf'), confDir: z.string() }),
  z.strictObject({ kind: z.literal('spool'), spoolDir: absolutePath, oldestAt: z.number() }),
  z.strictObject({ kind: z.literal('renew'), stateDir: absolutePath, coordinators: z.array(z.string()) }),
]);
