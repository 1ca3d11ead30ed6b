import type { ErrorCode, Location } from '../../shared/model/errors.js';
import type { AppName } from '../../shared/model/ids.js';
import type { Drift, FetchedFrom, HostFacts } from '../../shared/model/node-status.js';
import type { PeersQuestion } from '../../shared/model/peers.js';
import type { ReleaseRef } from '../../shared/model/release.js';
import type { ReleaseSpec } from '../../shared/model/release-spec.js';
import type { Sharing } from './peers/exchange.js';
import type { SpooledPack } from './peers/spool-files.js';
import type { SpoolNews } from './peers/spool-writer.js';
import type { OwnConf } from './settings/own-values.js';
import type { AgentConfig } from './settings/settings.js';

/**
 * What the agent and its short-lived child `capstan-stager` say to each other.
 *
 * The parent writes one job, a JSON object on one line, to the child's standard input and leaves it open: end of
 * file there means the parent is gone, and the child ends at once. The child answers in JSON lines on standard
 * output: any number of `progress`, `note`, `spooled` and `findPeers`, then exactly one `result` or `error`, and exits
 * 0 or 1. After the job the parent writes nothing but answers to `findPeers`, a line each (parent-line.ts). Standard
 * error is for defects only. Killing the child cancels a job; nothing half-done ever counts as staged, and
 * the next job in the same staging directory clears up.
 *
 * A release is on disk for good when both its directory and its record exist. The record is written last, after
 * tree and directories are synced and the directory has its final name (teleport#42163: fsync, then marker).
 * A directory without a record is checked in full, and taken or replaced, by the next `stage` job for it.
 *
 * Only types here: what the agent loads stays in its memory for good (job-shape.ts is the child's).
 */

/** Where a release is, or is to be, on this node. */
export interface ReleasePlace {
  /** `<root>/<app>/releases/<name>` */
  readonly releaseDir: string;
  /** `<state-dir>/releases/<app>/<name>.json` */
  readonly recordFile: string;
}

export interface StageJob extends ReleasePlace {
  readonly kind: 'stage';
  readonly app: AppName;
  readonly release: ReleaseRef;
  /** Base URLs of stores (`file:`, `http:`, `https:`), best first. At least one. */
  readonly stores: readonly string[];
  /**
   * On the file system of `releaseDir`, for example `<root>/<app>/.staging`. Made if missing. What an earlier try at the
   * same release left there is gone on with; what others left is removed.
   */
  readonly stagingDir: string;
  /** Bytes that must stay free on the file system. */
  readonly reserveBytes: number;
  /** What all releases of the application together may take; 0: no limit. */
  readonly quotaBytes: number;
  /** Releases whose files may be used again, best first. Those that are not there are passed over. */
  readonly reuseFrom: readonly ReleasePlace[];
  /** Verified along with it, so that those of its files that are used again are read once only; undefined: none is. */
  readonly along?: TreeToVerify | undefined;
  /** It is to be activated later, and not to be read in full for that: how it looks is written down at once. */
  readonly index?: boolean | undefined;
  /** At most so many bytes are fetched in a second; 0: no limit. */
  readonly fetchBytesPerSecond: number;
  /** How packs are traded with other nodes; undefined: not at all. */
  readonly sharing?: Sharing | undefined;
  /** The certificate (PEM) of an authority that stores are believed by, beside the public ones. */
  readonly ca?: string | undefined;
}

export interface TreeToVerify extends ReleasePlace {
  /** Paths within the release that are not looked at, nor what is below: the links to shared files. */
  readonly ignore: readonly string[];
}

export interface VerifyJob extends TreeToVerify {
  readonly kind: 'verify';
  /** Verified by the same child; undefined: none is. */
  readonly along?: TreeToVerify | undefined;
}

/** Looks at the tree of a live release: what of it is not what was released. Keeps what it saw in the release's index. */
export interface DriftJob extends ReleasePlace {
  readonly kind: 'drift';
  /** Paths within the release that may be there besides, with all that is below: links to shared files, rendered files. */
  readonly expected: readonly string[];
}

export interface RemoveJob {
  readonly kind: 'remove';
  /** Each directory is renamed into `stagingDir` first, so that none is ever half there under its own name. */
  readonly releases: readonly ReleasePlace[];
  readonly stagingDir: string;
  /** Nothing waits for it: files are removed a few at a time, with pauses, at the lowest priority. */
  readonly slowly: boolean;
}

export interface FactsJob {
  readonly kind: 'facts';
  /** Of their file systems, the size of the fullest is told; one that is not there yet is passed over. */
  readonly paths: readonly string[];
}

/** The agent's own settings: from its arguments, and from the environment and working directory the child inherits. */
export interface SettingsJob {
  readonly kind: 'settings';
  readonly argv: readonly string[];
  /** What came by standard input, where that was asked for: never an argument, for others can read those. */
  readonly input?: string | undefined;
}

/** This node's own values and rules, read again. */
export interface ConfJob {
  readonly kind: 'conf';
  readonly confDir: string;
}

/** What was kept for other nodes is read back: an earlier run of the agent may have ended in the middle of it. */
export interface SpoolJob {
  readonly kind: 'spool';
  readonly spoolDir: string;
  /** What was last added to before this is removed. Milliseconds since the epoch. */
  readonly oldestAt: number;
}

/** This node's certificate is to be renewed. */
export interface RenewJob {
  readonly kind: 'renew';
  readonly stateDir: string;
  /** `host:port` each. */
  readonly coordinators: readonly string[];
}

export type StagerJob =
  | StageJob
  | VerifyJob
  | DriftJob
  | RemoveJob
  | FactsJob
  | SettingsJob
  | ConfJob
  | SpoolJob
  | RenewJob;

/** The file that makes a release directory count, and what the agent needs to know of it after a restart. */
export interface ReleaseRecord {
  readonly format: 1;
  readonly app: AppName;
  readonly release: ReleaseRef;
  readonly spec: ReleaseSpec;
}

export interface StageResult {
  readonly kind: 'result';
  readonly job: 'stage';
  readonly spec: ReleaseSpec;
  /** Bytes that were read of packs; 0 if the release was on disk already. */
  readonly fetchedBytes: number;
  /** Where all bytes came from; empty if the release was on disk already. */
  readonly fetchedFrom: readonly FetchedFrom[];
  /** Sources that delivered bytes with a wrong digest, which were then had elsewhere or on a second try. */
  readonly corruptSources: readonly string[];
  /** Files of other releases on this node that are not what they were, so that theirs were fetched; at most 100. */
  readonly damagedFiles: readonly string[];
  /** Why more was fetched than should have been, a sentence each. */
  readonly remarks: readonly string[];
  /** Of the release that was verified along; not there if it was not, for this one was on disk already or the other cannot be read. */
  readonly along?: VerifyResult | undefined;
  readonly durationMs: number;
}

export interface Difference {
  readonly path: string;
  readonly kind: 'missing' | 'extra' | 'type' | 'mode' | 'size' | 'content' | 'target';
  /** One sentence that names the path. */
  readonly message: string;
}

export interface VerifyResult {
  readonly kind: 'result';
  readonly job: 'verify';
  /** In path order, what is only extra last; at most the first 1000. */
  readonly differences: readonly Difference[];
  /** How many there are in all. */
  readonly total: number;
  readonly filesChecked: number;
  /** Of the release that was verified along; not there if that was not asked for, or it cannot be read. */
  readonly along?: VerifyResult | undefined;
}

export interface DriftResult {
  readonly kind: 'result';
  readonly job: 'drift';
  /** Undefined: nothing is wrong. */
  readonly drift: Drift | undefined;
}

export interface RemoveResult {
  readonly kind: 'result';
  readonly job: 'remove';
  readonly removed: number;
}

export interface FactsResult {
  readonly kind: 'result';
  readonly job: 'facts';
  readonly facts: HostFacts;
}

export interface SettingsResult {
  readonly kind: 'result';
  readonly job: 'settings';
  /** `text`: to be printed instead of running, since `--help`, `--version` or the doctor was asked for. */
  readonly answer:
    | { readonly kind: 'text'; readonly text: string; readonly exitCode: 0 | 1 }
    | { readonly kind: 'run'; readonly config: AgentConfig; readonly conf: OwnConf };
}

/** The files of `conf.d` that were valid last. */
export const keptConfFileIn = (stateDir: string): string => `${stateDir}/conf.json`;

export interface ConfResult {
  readonly kind: 'result';
  readonly job: 'conf';
  readonly conf: OwnConf;
}

export interface SpoolResult {
  readonly kind: 'result';
  readonly job: 'spool';
  /** What is sound; the rest was removed. */
  readonly packs: readonly SpooledPack[];
}

/** The identity file has the new certificate. */
export interface RenewResult {
  readonly kind: 'result';
  readonly job: 'renew';
}

export type StagerResult =
  | StageResult
  | VerifyResult
  | DriftResult
  | RemoveResult
  | FactsResult
  | SettingsResult
  | ConfResult
  | SpoolResult
  | RenewResult;

export interface StagerProgress {
  readonly kind: 'progress';
  readonly step: 'fetch' | 'verify' | 'unpack';
  /** Bytes fetched of those to fetch (compressed). */
  readonly bytesDone: number;
  readonly bytesTotal: number;
}

/** Why it waits, for `AppStatus.note`; an empty text means that it goes on. */
interface StagerNote {
  readonly kind: 'note';
  readonly text: string;
}

/** A job to stage asks which other nodes have packs. The parent answers on standard input, with a line of its own. */
interface StagerQuestion {
  readonly kind: 'findPeers';
  readonly id: number;
  readonly question: PeersQuestion;
}

/** A job to stage has kept something for other nodes. */
interface StagerSpooled {
  readonly kind: 'spooled';
  readonly news: SpoolNews;
}

export interface StagerError {
  readonly kind: 'error';
  readonly step: 'fetch' | 'verify' | 'unpack';
  /**
   * `space`: collect old releases and try again, or wait for somebody to make room; `quota`: collecting helps, waiting
   * does not; `disk`: waiting helps. The rest will fail again if nothing changes.
   */
  readonly cause: 'space' | 'quota' | 'disk' | 'other';
  readonly error: {
    readonly code: ErrorCode;
    readonly message: string;
    readonly hint?: string;
    readonly location?: Location;
  };
}

export type StagerEvent =
  | StagerProgress
  | StagerNote
  | StagerQuestion
  | StagerSpooled
  | StagerError
  | StagerResult;

/** Where the gzip-compressed canonical manifest of a staged release is kept. */
export const manifestFileOf = (recordFile: string): string =>
  `${recordFile.replace(/\.json$/, '')}.manifest.gz`;

/** Where it is kept what a release's tree looked like when it was last looked at (drift/tree-index.ts). */
export const indexFileOf = (recordFile: string): string => `${recordFile.replace(/\.json$/, '')}.index`;

/** Where the list of the chunks of a staged release's large files is kept. */
export const chunksFileOf = (recordFile: string): string => `${recordFile.replace(/\.json$/, '')}.chunks.gz`;

/** The name of a release's directory: `<version>-<first 12 hex of the digest>-c<configRevision>`. */
export const releaseDirName = (release: ReleaseRef, configRevision: string): string =>
  `${release.version}-${release.digest.slice('sha256:'.length, 'sha256:'.length + 12)}-c${configRevision}`;
