/** How many agents, rounds and seconds a benchmark takes if told so; each has its own defaults. */
export interface BenchOptions {
  readonly agents: number | undefined;
  readonly rounds: number | undefined;
  readonly seconds: number | undefined;
}
