import { spawn } from 'node:child_process';
import { once } from 'node:events';

export interface CommandOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Killed after this long. Milliseconds. */
  readonly timeoutMs: number;
}

/**
 * Runs a program to its end; what it says goes to standard error only if it fails.
 * @returns what it wrote to standard output
 * @throws Error with all it wrote
 */
export async function command(
  program: string,
  args: readonly string[],
  { cwd, env, timeoutMs }: CommandOptions,
): Promise<string> {
  const child = spawn(program, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
  });
  const said = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (said.stdout += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (said.stderr += chunk));
  try {
    await once(child, 'close');
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    throw missing ? new Error(`${program} is not installed.`) : error;
  }
  if (child.exitCode === 0) return said.stdout;
  const end =
    child.exitCode === null ? `was ended by ${String(child.signalCode)}` : `exited ${child.exitCode}`;
  throw new Error(
    `${[program, ...args].join(' ')} ${end}:\n${said.stdout.slice(-4_000)}${said.stderr.slice(-4_000)}`,
  );
}
