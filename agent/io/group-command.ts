import { spawn } from 'node:child_process';
import { groupExists, signalGroup } from '../shim/process-identity.js';

export interface GroupCommand {
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Between SIGTERM and SIGKILL. Milliseconds. */
  readonly graceMs: number;
  /** Where its output goes; whoever holds it open is not waited for (codedeploy#118). */
  readonly output: number | 'ignore';
  readonly signal: AbortSignal;
  /** Called with its process group as soon as there is one. */
  readonly onStart?: (pid: number) => void;
}

export type CommandEnd =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'killed'; readonly by: string }
  | { readonly kind: 'timedOut' }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'notStarted'; readonly reason: string };

/**
 * Runs a program in a process group of its own and waits for it, not for its descendants: what it leaves behind is
 * killed with the group. Past the time limit, or when the signal is aborted: SIGTERM to the group, the grace, SIGKILL.
 */
export function runInGroup(order: GroupCommand): Promise<CommandEnd> {
  const [program = '', ...args] = order.command;
  return new Promise((resolve) => {
    let why: 'timedOut' | 'cancelled' | undefined;
    let killer: NodeJS.Timeout | undefined;
    const child = spawn(program, args, {
      cwd: order.cwd,
      env: order.env,
      detached: true,
      stdio: ['ignore', order.output, order.output],
    });
    if (child.pid !== undefined) order.onStart?.(child.pid);
    const end = (reason: 'timedOut' | 'cancelled'): void => {
      const { pid } = child;
      if (why !== undefined || pid === undefined) return;
      why = reason;
      signalGroup(pid, 'SIGTERM');
      killer = setTimeout(() => {
        signalGroup(pid, 'SIGKILL');
      }, order.graceMs);
    };
    const limit = setTimeout(() => {
      end('timedOut');
    }, order.timeoutMs);
    const cancel = (): void => {
      end('cancelled');
    };
    order.signal.addEventListener('abort', cancel, { once: true });
    const done = (how: CommandEnd): void => {
      clearTimeout(limit);
      clearTimeout(killer);
      order.signal.removeEventListener('abort', cancel);
      if (child.pid !== undefined && groupExists(child.pid)) signalGroup(child.pid, 'SIGKILL');
      resolve(why === undefined ? how : { kind: why });
    };
    child.once('error', (error) => {
      done({ kind: 'notStarted', reason: error.message });
    });
    child.once('exit', (code, by) => {
      done(by === null ? { kind: 'exited', code: code ?? 0 } : { kind: 'killed', by });
    });
    if (order.signal.aborted) cancel();
  });
}
