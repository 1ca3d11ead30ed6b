import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { cleanUp } from '../../test/support/cleanup.js';
import { childrenCpuMs } from './proc.js';

export interface Command {
  readonly argv: readonly string[];
  /** Lies in a folder of `tempDir()`, so that nothing that was started outlives the run. */
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Written to standard input, which stays open until the command has ended. */
  readonly input?: string;
}

export interface Outcome {
  readonly wallMs: number;
  /** User and system, with all processes it waited for. Milliseconds, in steps of 10. */
  readonly cpuMs: number;
  readonly stdout: string;
}

/** One shell command line. */
export const shell = (line: string): readonly string[] => ['sh', '-c', `set -e; ${line}`];

/**
 * Runs a command to its end and measures it. One at a time: processor time is read from that of all children.
 * @throws Error with what it wrote to standard error, if it fails
 */
export async function run({ argv, cwd, env, input }: Command): Promise<Outcome> {
  const [program = '', ...args] = argv;
  const cpuBefore = childrenCpuMs();
  const started = performance.now();
  const child = spawn(program, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit');
  child.stdin.on('error', () => undefined); // it may end without reading
  if (input === undefined) child.stdin.end();
  else child.stdin.write(input);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), exited]);
  const wallMs = performance.now() - started;
  if (child.exitCode !== 0) {
    throw new Error(
      `${argv.join(' ')}: ended with ${endOf(child)}: ${stderr.slice(-2_000)}${stdout.slice(-500)}`,
    );
  }
  return { wallMs, cpuMs: childrenCpuMs() - cpuBefore, stdout };
}

export interface Server {
  readonly pid: number;
  readonly end: () => Promise<void>;
}

/** Starts a command that stays; it is ended at the end of the run. What it says goes to standard error. */
export function startServer({ argv, cwd, env }: Omit<Command, 'input'>): Server {
  const [program = '', ...args] = argv;
  const child = spawn(program, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  child.on('error', (error) => {
    console.error(`${program}: ${error.message}`);
  });
  const end = async (): Promise<void> => {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), 3_000);
    await exited;
    clearTimeout(timer);
  };
  cleanUp(end);
  return { pid: child.pid ?? -1, end };
}

const endOf = ({ exitCode, signalCode }: ChildProcess): string => String(exitCode ?? signalCode);
