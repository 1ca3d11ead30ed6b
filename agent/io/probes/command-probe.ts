import type { ProbeResult } from '../../core/health.js';
import { substitute } from '../../core/values.js';
import { runInGroup } from '../group-command.js';
import type { ProbeContext } from './prober.js';

/** A program that exits with 0. */
export async function probeCommand(
  run: readonly string[],
  timeoutMs: number,
  { values, cwd, signal }: ProbeContext,
): Promise<ProbeResult> {
  const command = run.map((part) => substitute(part, values));
  const end = await runInGroup({
    command,
    cwd,
    env: values,
    timeoutMs,
    graceMs: 1000,
    output: 'ignore',
    signal,
  });
  if (end.kind === 'exited' && end.code === 0) return { ok: true };
  const how = {
    exited: 'code' in end ? `exit code ${end.code}` : '',
    killed: 'by' in end ? `killed by ${end.by}` : '',
    timedOut: `no end within ${timeoutMs} ms`,
    cancelled: 'given up',
    notStarted: 'reason' in end ? end.reason : '',
  } as const;
  return { ok: false, complaint: `${command.join(' ')}: ${how[end.kind]}` };
}
