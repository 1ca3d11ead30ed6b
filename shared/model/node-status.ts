import type { AppName, Digest, Generation, ReleaseVersion } from './ids.js';

/** Where a node is with one application's assignment, in the order of the lifecycle; the last five are ends. */
export const nodePhases = [
  'idle',
  'staging',
  'staged',
  'draining',
  'stopping',
  'switching',
  'starting',
  'checking',
  'healthy',
  'failed',
  'turnedBack',
  'inconsistent',
  'removed',
] as const;
export type NodePhase = (typeof nodePhases)[number];

export type HealthVerdict = 'healthy' | 'unhealthy' | 'unknown';

/** The step of the lifecycle in which something went wrong. */
export type StepName =
  | 'fetch'
  | 'verify'
  | 'unpack'
  | 'preflight'
  | 'render'
  | 'database'
  | 'drain'
  | 'stop'
  | 'swap'
  | 'start'
  | 'check'
  | 'rejoin'
  | 'turnBack'
  | 'remove';

export interface StepFailure {
  readonly step: StepName;
  /** One sentence. */
  readonly reason: string;
  /** The end of the hook's or service's output; '' if there is none. Bounded to 8 KiB. */
  readonly logTail: string;
}

export interface ReleaseId {
  readonly version: ReleaseVersion;
  readonly digest: Digest;
}

/**
 * What a node says about one application: the level, not the edge. A report carries all of it, so that
 * a lost or repeated report does no harm and a terminal status stays visible until its generation is replaced.
 */
export interface AppStatus {
  readonly app: AppName;
  /** The generation of the assignment this status speaks of; 0 if the node never had one. */
  readonly generation: Generation;
  readonly phase: NodePhase;
  /** The verdict of the probes on what serves now. */
  readonly health: HealthVerdict;
  /** True while the readiness endpoint answers 200. */
  readonly ready: boolean;
  /** What `current` resolves to. */
  readonly current: ReleaseId | undefined;
  readonly previous: ReleaseId | undefined;
  /** Digests that are complete and verified on disk. */
  readonly staged: readonly Digest[];
  readonly failure: StepFailure | undefined;
  /** Why it waits or what is wrong though nothing failed ("store … is not reachable, trying again in 4 s"); '' if nothing. */
  readonly note: string;
  readonly fetched: { readonly bytesDone: number; readonly bytesTotal: number } | undefined;
  /** Where the bytes of the newest staging came from. */
  readonly fetchedFrom: readonly FetchedFrom[];
  /** In what the live tree is not what was released; absent: in nothing that was found. */
  readonly drift?: Drift;
  /** True from when a database step that cannot be reversed has begun for this generation: there is no way back past it. */
  readonly pastReturn?: boolean;
  /** How often what serves has ended by itself since it was started by its release's activation; absent: never. */
  readonly restarts?: number;
  /** True while its assignment keeps it out of load, however well it is. */
  readonly standby?: boolean;
}

/** Files that were changed, added or removed on the node by somebody else than Capstan. */
export interface Drift {
  readonly total: number;
  /** In path order; the first few of them. */
  readonly paths: readonly DriftedPath[];
}

export interface DriftedPath {
  /** Within the release. */
  readonly path: string;
  readonly kind: DriftKind;
}

/** `mode`: its content is right, but not who may read, write or run it. */
export type DriftKind = 'changed' | 'mode' | 'added' | 'removed';

export interface FetchedFrom {
  /** A store's base URL, `peer <node>`, or `disk` for what other releases on the node had. */
  readonly source: string;
  readonly bytes: number;
}

/** What the node says about itself; sampled rarely. Sizes in bytes. */
export interface HostFacts {
  readonly os: string;
  readonly kernel: string;
  readonly arch: string;
  readonly hostname: string;
  readonly cpus: number;
  readonly memoryTotal: number;
  readonly memoryAvailable: number;
  /** Of the state directory's file system or the root's, whichever is fuller. */
  readonly diskTotal: number;
  readonly diskFree: number;
  readonly load1: number;
  readonly uptimeSeconds: number;
  readonly nodeVersion: string;
  /** Absent where the kernel does not tell. */
  readonly pressure?: Pressure;
}

/** Of the last 10 seconds, the share in which some work waited for it: 0 to 100 (the kernel's pressure stall information). */
export interface Pressure {
  readonly cpu: number;
  readonly memory: number;
  readonly io: number;
}

export interface NodeStatus {
  readonly apps: readonly AppStatus[];
  readonly facts: HostFacts | undefined;
  readonly agentVersion: string;
  /** True if the node's own configuration lets unsigned releases run. */
  readonly allowUnsigned: boolean;
  /** Ids of the keys whose signatures count there, for any application; absent: none. At most `messageLimits.trustedKeys`. */
  readonly trustedKeys?: readonly string[];
}
