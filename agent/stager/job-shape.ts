import { isReleaseRef } from '../../shared/core/release-shape.js';
import {
  count,
  flag,
  type Guard,
  listOf,
  matching,
  object,
  oneOf,
  optional,
  text,
} from '../../shared/core/shapes.js';
import { isAppName } from '../../shared/model/ids.js';
import { maxDeltas, maxEnvelopeBytes, type ReleaseRef } from '../../shared/model/release.js';
import type { Sharing } from './peers/exchange.js';
import type {
  ConfJob,
  DriftJob,
  FactsJob,
  ReleasePlace,
  RemoveJob,
  RenewJob,
  SettingsJob,
  SpoolJob,
  StageJob,
  StagerJob,
  TreeToVerify,
  VerifyJob,
} from './protocol.js';

const absolutePath: Guard<string> = (value): value is string => text(value) && /^\/[^\0]*$/.test(value);
const time: Guard<number> = (value): value is number => Number.isFinite(value);
const few =
  <T>(guard: Guard<readonly T[]>, least: number, most = Number.POSITIVE_INFINITY): typeof guard =>
  (value): value is readonly T[] =>
    guard(value) && value.length >= least && value.length <= most;

const release: Guard<ReleaseRef> = (value): value is ReleaseRef =>
  isReleaseRef(value) &&
  value.deltas.length <= maxDeltas &&
  (value.envelope?.length ?? 0) <= maxEnvelopeBytes;
const place = { releaseDir: absolutePath, recordFile: absolutePath };
const toVerify = { ...place, ignore: listOf(text) };
const along = optional(object<TreeToVerify>(toVerify));

const jobs: { readonly [K in StagerJob['kind']]: Guard<Extract<StagerJob, { readonly kind: K }>> } = {
  stage: object<StageJob>({
    kind: oneOf(['stage']),
    app: matching(isAppName),
    release,
    stores: few(listOf(text), 1),
    stagingDir: absolutePath,
    ...place,
    reserveBytes: count,
    quotaBytes: count,
    reuseFrom: listOf(object<ReleasePlace>(place)),
    along,
    index: optional(flag),
    fetchBytesPerSecond: count,
    ca: optional(text),
    sharing: optional(
      object<Sharing>({
        ...{ spoolDir: absolutePath, spoolBytes: count, fromBytes: count },
        stateDir: optional(absolutePath),
      }),
    ),
  }),
  verify: object<VerifyJob>({ kind: oneOf(['verify']), ...toVerify, along }),
  drift: object<DriftJob>({ kind: oneOf(['drift']), ...place, expected: listOf(text) }),
  remove: object<RemoveJob>({
    kind: oneOf(['remove']),
    releases: listOf(object<ReleasePlace>(place)),
    stagingDir: absolutePath,
    slowly: flag,
  }),
  facts: object<FactsJob>({ kind: oneOf(['facts']), paths: few(listOf(absolutePath), 1) }),
  settings: object<SettingsJob>({ kind: oneOf(['settings']), argv: listOf(text), input: optional(text) }),
  conf: object<ConfJob>({ kind: oneOf(['conf']), confDir: text }),
  spool: object<SpoolJob>({ kind: oneOf(['spool']), spoolDir: absolutePath, oldestAt: time }),
  renew: object<RenewJob>({ kind: oneOf(['renew']), stateDir: absolutePath, coordinators: listOf(text) }),
};

/**
 * What the child takes from whoever started it; it writes and removes at the paths that it is given. Without a library
 * of schemas, which takes as long to load as a small job.
 */
export function isStagerJob(value: unknown): value is StagerJob {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return false;
  const { kind } = value;
  return typeof kind === 'string' && isKind(kind) && jobs[kind](value);
}

const isKind = (kind: string): kind is StagerJob['kind'] => Object.hasOwn(jobs, kind);
