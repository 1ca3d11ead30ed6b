import { closeSync, fstatSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { assertNever } from '../../shared/core/assert.js';
import { formatDuration } from '../../shared/core/duration.js';
import { traitsOf } from '../core/steps.js';
import type { Hooks } from '../ports/node.js';
import { boundLog, openLog } from '../shim/log-file.js';
import { type CommandEnd, runInGroup } from './group-command.js';
import { textTail } from './text-tail.js';

const logMaxBytes = 4 * 1024 * 1024;
const tailBytes = 8 * 1024;
const graceMs = 5_000;

/** Runs a release's own programs, and keeps what they print in one bounded file an application. */
export function hookRunner(logFile: string): Hooks {
  return {
    run: async (release, hook, env, signal) => {
      const spec = hook === 'database' ? release.spec.database : release.spec.hooks[hook];
      if (spec === undefined) return { kind: 'done' };
      mkdirSync(dirname(logFile), { recursive: true, mode: 0o700 });
      boundLog(logFile, logMaxBytes);
      const output = openLog(logFile);
      const from = fstatSync(output).size;
      // A hook that prints without end must not fill the disk while it runs.
      const guard = setInterval(() => {
        boundLog(logFile, logMaxBytes);
      }, 1000);
      let end: CommandEnd;
      try {
        const { run: command, timeoutMs } = spec;
        end = await runInGroup({ command, cwd: release.path, env, timeoutMs, graceMs, output, signal });
      } finally {
        clearInterval(guard);
        closeSync(output);
      }
      if (end.kind === 'exited' && end.code === 0) return { kind: 'done' };
      if (end.kind === 'cancelled') return { kind: 'cancelled' };
      const step =
        hook === 'database'
          ? hook
          : traitsOf({ action: 'hook', dir: release.dir, hook, previous: undefined }).name;
      const what = hook === 'database' ? 'the database step' : `hook ${hook}`;
      const reason = `${what} (${spec.run.join(' ')}) ${describe(end, spec.timeoutMs)}`;
      return { kind: 'failed', failure: { step, reason, logTail: await textTail(logFile, tailBytes, from) } };
    },
  };
}

function describe(end: Exclude<CommandEnd, { readonly kind: 'cancelled' }>, timeoutMs: number): string {
  switch (end.kind) {
    case 'exited':
      return `failed with exit code ${end.code}`;
    case 'killed':
      return `was killed by ${end.by}`;
    case 'timedOut':
      return `was ended after its time limit of ${formatDuration(timeoutMs)}`;
    case 'notStarted':
      return `could not be started: ${end.reason}`;
    default:
      return assertNever(end);
  }
}
