import * as z from 'zod';
import {
  type AppName,
  type Digest,
  isAppName,
  isDigest,
  isReleaseVersion,
  type ReleaseVersion,
} from '../../shared/model/ids.js';
import type { HostFacts } from '../../shared/model/node-status.js';
import type { ReleaseRef } from '../../shared/model/release.js';
import type { ReleaseSpec } from '../../shared/model/release-spec.js';

/**
 * What the agent and its short-lived child `capstan-stager` say to each other.
 *
 * The parent writes one job, a JSON object on one line, to the child's standard input and leaves it open: end of
 * file there means the parent is gone, and the child ends at once. The child answers in JSON lines on standard
 * output: any number of `progress` and `note`, then exactly one `result` or `error`, and exits 0 or 1. Standard
 * error is for defects only. Killing the child cancels a job; nothing half-done ever counts as staged, and
 * the next job in the same staging directory clears up.
 *
 * A release is on disk for good when both its directory and its record exist. The record is written last, after
 * tree and directories are synced and the directory has its final name (teleport#42163: fsync, then marker).
 * A directory without a record is checked in full, and taken or replaced, by the next `stage` job for it.
 */

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
});

const stageJobSchema = z.strictObject({
  kind: z.literal('stage'),
  app: appSchema,
  release: releaseRefSchema,
  /** Base URLs of stores (`file:`, `http:`, `https:`), best first. */
  stores: z.array(z.string()).min(1),
  /**
   * On the file system of `releaseDir`, for example `<root>/<app>/.staging`. Made if missing; what killed runs left
   * there is removed.
   */
  stagingDir: absolutePath,
  /** `<root>/<app>/releases/<name>`. Its parent is made if missing. */
  releaseDir: absolutePath,
  /** `<state-dir>/releases/<app>/<name>.json`; the manifest comes beside it, see `manifestFileOf`. */
  recordFile: absolutePath,
  /** Bytes that must stay free on the file system. */
  reserveBytes: bytes,
});

const verifyJobSchema = z.strictObject({
  kind: z.literal('verify'),
  releaseDir: absolutePath,
  recordFile: absolutePath,
  /** Paths within the release that are not looked at, nor what is below: the links to shared files. */
  ignore: z.array(z.string()),
});

const removeJobSchema = z.strictObject({
  kind: z.literal('remove'),
  /** Each directory is renamed into `stagingDir` first, so that none is ever half there under its own name. */
  releases: z.array(z.strictObject({ releaseDir: absolutePath, recordFile: absolutePath })),
  stagingDir: absolutePath,
});

const factsJobSchema = z.strictObject({
  kind: z.literal('facts'),
  /** Whose file system's size is told. */
  path: absolutePath,
});

export const stagerJobSchema = z.discriminatedUnion('kind', [
  stageJobSchema,
  verifyJobSchema,
  removeJobSchema,
  factsJobSchema,
]);

export type StageJob = z.infer<typeof stageJobSchema>;
export type VerifyJob = z.infer<typeof verifyJobSchema>;
export type RemoveJob = z.infer<typeof removeJobSchema>;
export type FactsJob = z.infer<typeof factsJobSchema>;
export type StagerJob = z.infer<typeof stagerJobSchema>;

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;
/** These two are written and read by one and the same package, so their shape is taken on trust. */
const releaseSpecSchema = z.custom<ReleaseSpec>(isObject);
const hostFactsSchema = z.custom<HostFacts>(isObject);

/** The file that makes a release directory count, and what the agent needs to know of it after a restart. */
export const releaseRecordSchema = z.object({
  format: z.literal(1),
  app: appSchema,
  release: releaseRefSchema,
  spec: releaseSpecSchema,
});
export type ReleaseRecord = z.infer<typeof releaseRecordSchema>;

const stageResultSchema = z.object({
  kind: z.literal('result'),
  job: z.literal('stage'),
  spec: releaseSpecSchema,
  /** Bytes that were read from stores; 0 if the release was on disk already. */
  fetchedBytes: bytes,
  /** Stores that delivered bytes with a wrong digest, which were then had elsewhere or on a second try. */
  corruptSources: z.array(z.string()),
  durationMs: z.number(),
});
export type StageResult = z.infer<typeof stageResultSchema>;

const differenceSchema = z.object({
  path: z.string(),
  kind: z.enum(['missing', 'extra', 'type', 'mode', 'size', 'content', 'target']),
  /** One sentence that names the path. */
  message: z.string(),
});
export type Difference = z.infer<typeof differenceSchema>;

const verifyResultSchema = z.object({
  kind: z.literal('result'),
  job: z.literal('verify'),
  /** In path order; at most the first 1000. */
  differences: z.array(differenceSchema),
  /** How many there are in all. */
  total: bytes,
  filesChecked: bytes,
});
export type VerifyResult = z.infer<typeof verifyResultSchema>;

const removeResultSchema = z.object({
  kind: z.literal('result'),
  job: z.literal('remove'),
  removed: bytes,
});
export type RemoveResult = z.infer<typeof removeResultSchema>;

const factsResultSchema = z.object({
  kind: z.literal('result'),
  job: z.literal('facts'),
  facts: hostFactsSchema,
});
export type FactsResult = z.infer<typeof factsResultSchema>;

const stagerProgressSchema = z.object({
  kind: z.literal('progress'),
  step: z.enum(['fetch', 'verify', 'unpack']),
  /** Bytes fetched of those to fetch (compressed). */
  bytesDone: bytes,
  bytesTotal: bytes,
});
export type StagerProgress = z.infer<typeof stagerProgressSchema>;

/** Why it waits, for `AppStatus.note`; an empty text means that it goes on. */
const stagerNoteSchema = z.object({
  kind: z.literal('note'),
  text: z.string(),
});

const errorCodes = [
  'invalid',
  'unreachable',
  'refused',
  'conflict',
  'notFound',
  'failed',
  'unavailable',
  'corrupt',
  'cancelled',
  'internal',
] as const;

const stagerErrorSchema = z.object({
  kind: z.literal('error'),
  step: z.enum(['fetch', 'verify', 'unpack']),
  /** `space`: collect old releases and try again. The rest will fail again if nothing changes. */
  cause: z.enum(['space', 'other']),
  error: z.object({
    code: z.enum(errorCodes),
    message: z.string(),
    hint: z.string().optional(),
  }),
});
export type StagerError = z.infer<typeof stagerErrorSchema>;

export const stagerEventSchema = z.union([
  stagerProgressSchema,
  stagerNoteSchema,
  stagerErrorSchema,
  stageResultSchema,
  verifyResultSchema,
  removeResultSchema,
  factsResultSchema,
]);
export type StagerEvent = z.infer<typeof stagerEventSchema>;

/** Where the gzip-compressed canonical manifest of a staged release is kept. */
export const manifestFileOf = (recordFile: string): string =>
  `${recordFile.replace(/\.json$/, '')}.manifest.gz`;

/** The name of a release's directory: `<version>-<first 12 hex of the digest>-c<configRevision>`. */
export const releaseDirName = (release: ReleaseRef, configRevision: string): string =>
  `${release.version}-${release.digest.slice('sha256:'.length, 'sha256:'.length + 12)}-c${configRevision}`;
