import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { assertNever } from '../../../shared/core/assert.js';
import { formatDuration } from '../../../shared/core/duration.js';
import { CapstanError } from '../../../shared/model/errors.js';
import type { StepName } from '../../../shared/model/node-status.js';
import type { HookName } from '../../../shared/model/release-spec.js';
import type { Clock } from '../../../shared/ports/clock.js';
import type { Random } from '../../../shared/ports/random.js';
import { traitsOf } from '../../core/steps.js';
import { commandAs, environmentAs } from '../../core/users.js';
import type { Hooks, Users } from '../../ports/node.js';
import { type CommandEnd, runInGroup } from '../group-command.js';
import { Leftovers, runVariable } from './leftovers.js';
import { openOutputPipe } from './output-pipe.js';
import { RunOutput } from './run-output.js';

const reportedBytes = 8 * 1024;
/** Between SIGTERM and SIGKILL. Milliseconds. */
const graceMs = 5_000;

export interface HookRunnerOptions {
  readonly logFile: string;
  /** Where it is noted what runs. */
  readonly noteFile: string;
  readonly users: Users;
  readonly clock: Clock;
  readonly random: Random;
}

/** Runs a release's own programs, one at a time, and keeps what they print in one bounded log an application. */
export function hookRunner({ logFile, noteFile, users, clock, random }: HookRunnerOptions): Hooks {
  const leftovers = new Leftovers(noteFile, clock);
  let isFirst = true;
  const endLeftovers = async (): Promise<void> => {
    if (!isFirst) return;
    await leftovers.end(graceMs);
    isFirst = false;
  };
  return {
    endLeftovers,
    run: async (release, hook, env, signal) => {
      const spec = hook === 'database' ? release.spec.database : release.spec.hooks[hook];
      if (spec === undefined) return { kind: 'done' };
      const user = await users.of(release.app, spec.user);
      await endLeftovers();
      mkdirSync(dirname(logFile), { recursive: true, mode: 0o700 });
      mkdirSync(dirname(noteFile), { recursive: true, mode: 0o700 });
      const what = hook === 'database' ? 'the database step' : `hook ${hook}`;
      const title = `${new Date(clock.now()).toISOString()} ${what} of ${release.release.version}`;
      const output = new RunOutput(logFile, title);
      const run = random.hex(8);
      let how = 'the agent could not run it';
      try {
        // Noted before it is started, found by its environment if the agent ends before its number is known.
        leftovers.note(run);
        const pipe = await openOutputPipe(logFile, user, output.take).catch((error: unknown) => {
          output.take(Buffer.from(`its output cannot be kept: ${CapstanError.from(error).message}\n`));
        });
        let end: CommandEnd;
        try {
          const running = runInGroup({
            command: commandAs(user, spec.run),
            cwd: release.path,
            env: { ...environmentAs(user, env), [runVariable]: run },
            timeoutMs: spec.timeoutMs,
            graceMs,
            output: pipe?.end ?? 'ignore',
            signal,
            onStart: (pid) => {
              leftovers.noteLeader(run, pid);
            },
          });
          pipe?.closeEnd();
          end = await running;
        } finally {
          pipe?.finish();
        }
        // What was ended by force may have children that have left its group.
        if (end.kind === 'timedOut' || end.kind === 'cancelled') await leftovers.end(graceMs);
        else leftovers.forget();
        how = describe(end, spec.timeoutMs);
        if (end.kind === 'exited' && end.code === 0) return { kind: 'done' };
        if (end.kind === 'cancelled') return { kind: 'cancelled' };
        const reason = `${what} (${spec.run.join(' ')}) ${how}`;
        return {
          kind: 'failed',
          failure: { step: stepOf(hook), reason, logTail: output.tail(reportedBytes) },
        };
      } finally {
        output.close(how);
      }
    },
  };
}

const stepOf = (hook: HookName | 'database'): StepName =>
  hook === 'database' ? hook : traitsOf({ action: 'hook', dir: '', hook, previous: undefined }).name;

function describe(end: CommandEnd, timeoutMs: number): string {
  switch (end.kind) {
    case 'exited':
      return end.code === 0 ? 'succeeded' : `failed with exit code ${end.code}`;
    case 'killed':
      return `was killed by ${end.by}`;
    case 'timedOut':
      return `was ended after its time limit of ${formatDuration(timeoutMs)}`;
    case 'cancelled':
      return 'was ended, for something newer is wanted or the agent stops';
    case 'notStarted':
      return `could not be started: ${end.reason}`;
    default:
      return assertNever(end);
  }
}
