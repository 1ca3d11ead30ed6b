import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { programPath } from '../support/processes.js';

/** Thrown where the demo did not go as told; the message says what was expected and what was seen. */
export class NotAsTold extends Error {
  override readonly name = 'NotAsTold';
}

/** What the acts need of the outside: where to print, and the CLI as a person would use it. */
export interface Stage {
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  say(text?: string): void;
  heading(text: string): void;
  /** @throws NotAsTold with `expected`, and what was seen instead, if `seen` is false */
  expect(holds: boolean, expected: string, seen: () => unknown): void;
  /** Shows the command, runs it with its output on this terminal, and gives its exit code. */
  run(args: readonly string[]): Promise<number>;
}

interface StageOptions {
  readonly signal: AbortSignal;
  readonly operatorEnv: Readonly<Record<string, string>>;
  readonly cwd: string;
}

/** A stage on standard output. */
export function openStage({ signal, operatorEnv, cwd }: StageOptions): Stage {
  const terminal = process.stdout.isTTY;
  const strong = (text: string): string => (terminal ? `\u001b[1m${text}\u001b[22m` : text);
  const quiet = (text: string): string => (terminal ? `\u001b[2m${text}\u001b[22m` : text);
  const say = (text = ''): void => void process.stdout.write(`${text}\n`);
  return {
    signal,
    say,
    heading: (text) => {
      say();
      say(strong(text));
    },
    expect: (holds, expected, seen) => {
      if (!holds) throw new NotAsTold(`expected ${expected}; saw ${JSON.stringify(seen())}`);
    },
    run: async (args) => {
      signal.throwIfAborted();
      say(quiet(`$ capstan ${args.join(' ')}`));
      // A session of its own: Ctrl-C is the demo's to handle, the command is ended with everything else.
      const child = spawn(programPath('capstan'), [...args], {
        cwd,
        env: { ...process.env, ...operatorEnv },
        stdio: ['ignore', 'inherit', 'inherit'],
        detached: true,
      });
      const end = (): void => void child.kill('SIGKILL');
      signal.addEventListener('abort', end);
      const [code] = (await once(child, 'exit')) as [number | null];
      signal.removeEventListener('abort', end);
      signal.throwIfAborted();
      return code ?? -1;
    },
  };
}
