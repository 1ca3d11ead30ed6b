/** What the command line tells a benchmark; what is not told has a default in each. */
export interface BenchOptions {
  readonly agents: number | undefined;
  readonly rounds: number | undefined;
  readonly seconds: number | undefined;
  /** How often each cell of a table is measured. */
  readonly runs: number | undefined;
  /** One pair of releases only. */
  readonly pair: string | undefined;
  /** Round-trip time of the slow link. Milliseconds. */
  readonly latencyMs: number | undefined;
  /** Rate of the slow link. Mbit/s. */
  readonly rateMbit: number | undefined;
  /** The size of what is distributed. MB. */
  readonly megabytes: number | undefined;
  /** The folder that keeps what was installed from the registry. */
  readonly cache: string | undefined;
}
