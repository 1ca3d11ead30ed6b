/** What the kernel says of a process in `/proc/<pid>/stat`, as far as it is of use; see proc_pid_stat(5). */
export interface ProcessStat {
  /** `Z` and `X` are of processes that have ended. */
  readonly state: string;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  /** Processor time, user and system. Clock ticks. */
  readonly cpuTicks: number;
  /** That of the children that it has waited for. Clock ticks. */
  readonly childrenCpuTicks: number;
  /** When it was started, clock ticks after boot: with the pid, it names a process for good. */
  readonly startTicks: string;
}

/** Undefined if the text is cut short. */
export function parseProcessStat(text: string): ProcessStat | undefined {
  // The second field is the program's name in parentheses and may hold anything, so count from its end.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state = ''] = fields;
  const startTicks = fields[19];
  if (startTicks === undefined) return undefined;
  const number = (at: number): number => Number(fields[at]);
  return {
    state,
    parent: number(1),
    group: number(2),
    session: number(3),
    cpuTicks: number(11) + number(12),
    childrenCpuTicks: number(13) + number(14),
    startTicks,
  };
}

/** Nobody waits for zombies any more than for those that are gone. */
export const hasEnded = ({ state }: ProcessStat): boolean => state === 'Z' || state === 'X';
