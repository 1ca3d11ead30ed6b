/**
 * What a release says about how it is run: the parsed `capstan.yml` at its root. All durations are in
 * milliseconds. A release without the file is a static release: files only, nothing to start.
 */
export interface ReleaseSpec {
  readonly service: ServiceSpec;
  readonly health: readonly ProbeSpec[];
  readonly drain: { readonly waitMs: number };
  readonly shared: {
    readonly dirs: readonly string[];
    readonly files: readonly string[];
    /** Whom directories belong to that have to be made; absent: the service's user. */
    readonly owner?: string;
  };
  readonly hooks: Readonly<Partial<Record<HookName, HookSpec>>>;
  /** Files that are made of the release's own and the node's values, for each revision of them; absent: none. */
  readonly templates?: readonly TemplateSpec[];
  /** What brings the database to where this release needs it; absent: nothing. */
  readonly database?: DatabaseSpec;
  /** Folders that browsers fetch from the public store, each under a URL made of its content; absent: none. */
  readonly assets?: { readonly dirs: readonly string[] };
  /** Values that the release's services, hooks and probes take, with their defaults. */
  readonly config: Readonly<Record<string, string>>;
  /** `exchange`: `current` is a real directory, for programs that cannot be reached through a link; absent: `link`. */
  readonly swap?: 'link' | 'exchange';
}

/** The longest that a release may give its program to stop. */
export const maxGraceMs = 3_600_000;

export type ServiceSpec =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'process';
      readonly command: readonly string[];
      readonly stopSignal: 'SIGTERM' | 'SIGINT' | 'SIGQUIT' | 'SIGHUP';
      readonly graceMs: number;
      /** Whom it runs as; absent: whom the node's configuration says. */
      readonly user?: string;
    }
  | {
      readonly kind: 'systemd';
      readonly unit: string;
      /** Where the unit lies in the release, to be installed; absent: the host has it. */
      readonly file?: string;
      /** It takes up a new release when it is told to reload: it need not be stopped. */
      readonly reload?: boolean;
    }
  /** The release is the agent itself. */
  | { readonly kind: 'agent' };

/** The launcher of a release of the agent. */
export const agentLauncher = 'bin/capstan-agent';

export interface ProbeTiming {
  readonly everyMs: number;
  readonly timeoutMs: number;
  /** Successes in a row that make an unhealthy thing healthy. */
  readonly rise: number;
  /** Failures in a row that make a healthy thing unhealthy. */
  readonly fall: number;
  /** For this long after a start, failures do not count; the first success ends it. Absent: they count at once. */
  readonly startPeriodMs?: number;
}

export type ProbeTarget =
  | { readonly kind: 'http'; readonly url: string }
  | { readonly kind: 'tcp'; readonly address: string }
  /** The gRPC health protocol, in plaintext; without a service, the server as a whole is asked for. */
  | { readonly kind: 'grpc'; readonly address: string; readonly service?: string }
  | { readonly kind: 'command'; readonly run: readonly string[] }
  /** A systemd unit is active; without `name`, the one that is the service. */
  | { readonly kind: 'unit'; readonly name?: string };

/** `${NAME}` in `url`, `address`, `service` and `run` is replaced by the node's values before use. */
export type ProbeSpec = ProbeTarget & ProbeTiming;

/** The points of the lifecycle at which a release may run a program of its own, in the order they come. */
export const hookNames = [
  'afterStage',
  'preflight',
  'beforeDrain',
  'beforeStop',
  'afterStop',
  'beforeSwap',
  'afterSwap',
  'beforeStart',
  'afterStart',
  'afterHealthy',
  'afterRejoin',
] as const;
export type HookName = (typeof hookNames)[number];

export interface HookSpec {
  readonly run: readonly string[];
  readonly timeoutMs: number;
  /** After a crash of the agent: run it again (true, the default), or turn back. */
  readonly idempotent: boolean;
  /** Who runs it; absent: whoever the node's configuration says. */
  readonly user?: string;
}

export interface TemplateSpec {
  /** Within the release. */
  readonly from: string;
  readonly to: string;
  /** Permission bits; absent: 0640, for values may be secrets. */
  readonly mode?: number;
}

/** Run on one node of an environment, before that node activates the release; again after a crash of the agent. */
export interface DatabaseSpec {
  readonly run: readonly string[];
  readonly timeoutMs: number;
  /** False: once it has begun there is no way back that does not lose something. */
  readonly reversible: boolean;
  readonly user?: string;
}

/** Paths within a release that a node makes itself: links to what is shared, and what templates say. */
export const madeOnNode = ({ shared, templates = [] }: ReleaseSpec): readonly string[] => [
  ...shared.dirs,
  ...shared.files,
  ...templates.map(({ to }) => to),
];

/** What a release without a `capstan.yml` is: files only. */
export const staticReleaseSpec: ReleaseSpec = {
  service: { kind: 'none' },
  health: [],
  drain: { waitMs: 0 },
  shared: { dirs: [], files: [] },
  hooks: {},
  config: {},
};
