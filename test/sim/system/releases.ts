import type { AppName, Digest, EnvName, ReleaseVersion } from '../../../shared/model/ids.js';
import type { ReleaseRef } from '../../../shared/model/release.js';
import type { ReleaseSpec } from '../../../shared/model/release-spec.js';

export const app = 'web' as AppName;
export const env = 'production' as EnvName;
/** Stands before it where there is a pipeline. */
export const staging = 'staging' as EnvName;

/** What environments that go on by themselves ask for, and gates. */
export const checkName = 'unit';

/** What is wrong with a release on the nodes that it is wrong on. */
export const faults = ['stage', 'preflight', 'start', 'health', 'dies', 'database', 'hangs'] as const;
export type Fault = (typeof faults)[number];

export interface ReleaseTraits {
  readonly fault: Fault | undefined;
  /** Of every so many nodes one has the fault. */
  readonly oneIn: number;
  readonly database: 'reversible' | 'irreversible' | undefined;
  /** Without a service it is files only. */
  readonly service: boolean;
}

/** What lets a release into production: it ran in staging for a while, its check passed, and so many approved it. */
export interface Pipeline {
  readonly bakeMs: number;
  readonly checks: boolean;
  readonly approvals: number;
}

export const versionOf = (number: number): ReleaseVersion => `${number}.0.0` as ReleaseVersion;

export const digestOf = (number: number): Digest => `sha256:${String(number).padStart(64, '0')}` as Digest;

export const numberOf = (digest: string): number => Number(digest.slice(-6));

const databaseMs = 5000;

export function refOf(number: number, { database }: ReleaseTraits): ReleaseRef {
  const digest = digestOf(number);
  return {
    version: versionOf(number),
    digest,
    manifestSize: 1,
    layout: { digest, size: 1 },
    contentSize: 4_000_000,
    fileCount: 1,
    packSize: 1_000_000,
    deltas: [],
    ...(database === undefined
      ? {}
      : { database: { reversible: database === 'reversible', timeoutMs: databaseMs } }),
  };
}

export const specOf = ({ database, service }: ReleaseTraits): ReleaseSpec => ({
  service: service
    ? { kind: 'process', command: ['run'], stopSignal: 'SIGTERM', graceMs: 1000 }
    : { kind: 'none' },
  health: [],
  drain: { waitMs: 200 },
  shared: { dirs: [], files: [] },
  hooks: {},
  config: {},
  ...(database === undefined
    ? {}
    : { database: { run: ['migrate'], timeoutMs: databaseMs, reversible: database === 'reversible' } }),
});
