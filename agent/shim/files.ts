/**
 * What the agent and the small process that holds a service (`capstan-shim`) tell each other through files in
 * `<state-dir>/services/<app>/`. The agent writes the order before it starts the shim; the shim alone writes the status.
 */

/** How to run a service: `order.json`, readable by its owner only, since values may be in it. */
export interface ServiceOrder {
  /** The release's directory name: who reads the status learns whose service it is. */
  readonly dir: string;
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly stopSignal: NodeJS.Signals;
  readonly graceMs: number;
  readonly statusFile: string;
  readonly logFile: string;
  /** When the log is longer, it is copied to `<logFile>.1` and cut. Bytes. */
  readonly logMaxBytes: number;
  /** How long the log was before: what other releases printed. Bytes. */
  readonly logFrom: number;
}

/** A process for good: a pid alone may be somebody else's by now. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Field 22 of `/proc/<pid>/stat`: clock ticks after boot. */
  readonly startTicks: string;
  readonly bootId: string;
}

/** `status.json`, replaced as a whole. */
export interface ServiceStatus {
  readonly dir: string;
  readonly shim: ProcessIdentity;
  readonly state: 'running' | 'waiting' | 'stopping' | 'stopped';
  /** The service itself, which leads a process group of its own; also set for a while after it has ended. */
  readonly service: ProcessIdentity | undefined;
  /** How often it has ended without being asked to. */
  readonly exits: number;
  /** `exit code 1`, `killed by SIGSEGV`, or why it could not be started; '' if it never ended. */
  readonly lastExit: string;
}
