import type { HostUser } from '../../core/users.js';

/** What a probe is made with, beside what its release says of it. */
export interface ProbeContext {
  readonly values: Readonly<Record<string, string>>;
  /** Working directory of command probes. */
  readonly cwd: string;
  /** Whom command probes run as; undefined: as the agent. Rejects if that may not be. */
  readonly user: () => Promise<HostUser | undefined>;
  readonly signal: AbortSignal;
}
