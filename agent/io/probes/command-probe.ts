import { CapstanError } from '../../../shared/model/errors.js';
import type { ProbeResult } from '../../core/health.js';
import { commandAs, environmentAs, type HostUser } from '../../core/users.js';
import { substitute } from '../../core/values.js';
import { runInGroup } from '../group-command.js';
import type { ProbeContext } from './probe-context.js';

/** A program that exits with 0, run by whom the service runs as. */
export async function probeCommand(
  run: readonly string[],
  timeoutMs: number,
  { values, cwd, user, signal }: ProbeContext,
): Promise<ProbeResult> {
  const command = run.map((part) => substitute(part, values));
  let as: HostUser | undefined;
  try {
    as = await user();
  } catch (error) {
    return { ok: false, complaint: CapstanError.from(error).message };
  }
  const end = await runInGroup({
    command: commandAs(as, command),
    cwd,
    env: environmentAs(as, values),
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
  return { ok: false, complaint: how[end.kind] };
}
