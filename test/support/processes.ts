import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseProcessStat } from '../../shared/core/proc-stat.js';
import { cleanUp } from './cleanup.js';
import { eventually } from './eventually.js';

export type ProgramName = 'capstan' | 'capstan-coordinator' | 'capstan-agent';

export interface ProgramOptions {
  /** A command that turns into the program that is named after it, such as `nsenter`. */
  readonly through?: readonly string[];
  /** Added to a small clean environment (`PATH`, `HOME`, `TMPDIR`, `LANG`); no `CAPSTAN_…` leaks in from outside. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Written to standard input, which is then closed. */
  readonly input?: string;
  /** Killed after this long. Milliseconds. */
  readonly timeoutMs?: number;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Finished extends Exit {
  readonly stdout: string;
  readonly stderr: string;
}

export type LogLine = Readonly<Record<string, unknown>> & { readonly event: string };

/** A running program of ours. It is killed after the test if it still runs. */
export interface Program {
  readonly pid: number;
  readonly exited: Promise<Exit>;
  stdout(): string;
  stderr(): string;
  /** The JSON log lines written so far, oldest first. */
  logs(): readonly LogLine[];
  /** Resolves with the first log line of this event (that `match` accepts); rejects if the program ends before. */
  waitFor(event: string, match?: (line: LogLine) => boolean, timeoutMs?: number): Promise<LogLine>;
  kill(signal: NodeJS.Signals): void;
  /** Sends the signal and waits for the end; after `timeoutMs` it is killed and the promise rejects. */
  stop(signal?: NodeJS.Signals, timeoutMs?: number): Promise<Exit>;
}

/** Where `bin/<name>` is. */
export function programPath(name: ProgramName): string {
  return fileURLToPath(new URL(`../../bin/${name}`, import.meta.url));
}

/** Starts `bin/<name>` and keeps what it writes. */
export function startProgram(
  name: ProgramName,
  args: readonly string[],
  options: ProgramOptions = {},
): Program {
  const [command = '', ...words] = [...(options.through ?? []), programPath(name), ...args];
  const child = spawn(command, words, {
    env: { ...cleanEnvironment(), ...options.env },
    cwd: options.cwd,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.on('error', () => undefined); // the program may end without reading it
  child.stdin.end(options.input ?? '');
  const out = collect(child.stdout);
  const err = collect(child.stderr);
  const logs = logLinesOf(out);
  const exited = exitOf(child);
  const stop = async (signal: NodeJS.Signals = 'SIGTERM', timeoutMs = 10_000): Promise<Exit> => {
    child.kill(signal);
    const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
    const exit = await exited;
    clearTimeout(timer);
    if (exit.signal === 'SIGKILL' && signal !== 'SIGKILL') {
      throw new Error(`${name} did not end within ${String(timeoutMs)} ms of ${signal}`);
    }
    return exit;
  };
  cleanUp(async () => {
    if (child.exitCode === null && child.signalCode === null) await stop('SIGKILL');
  });
  return {
    pid: child.pid ?? -1,
    exited,
    stdout: out,
    stderr: err,
    logs,
    stop,
    kill: (signal) => void child.kill(signal),
    async waitFor(event, match = () => true, timeoutMs = 15_000) {
      const found = await eventually(
        () => {
          const line = logs().find((log) => log.event === event && match(log));
          if (line !== undefined) return line;
          return child.exitCode === null && child.signalCode === null ? undefined : 'ended';
        },
        { timeoutMs, what: `${name} to log "${event}"` },
      );
      if (found === 'ended') throw new Error(`${name} ended before it logged "${event}": ${err()}${out()}`);
      return found;
    },
  };
}

/** Runs `bin/<name>` to its end. */
export async function runProgram(
  name: ProgramName,
  args: readonly string[],
  options: ProgramOptions = {},
): Promise<Finished> {
  const program = startProgram(name, args, options);
  const timer = setTimeout(() => {
    program.kill('SIGKILL');
  }, options.timeoutMs ?? 30_000);
  const exit = await program.exited;
  clearTimeout(timer);
  return { ...exit, stdout: program.stdout(), stderr: program.stderr() };
}

/**
 * Kills every process whose working folder or command line lies in `dir` and waits until they are gone. Services
 * outlive the agent that started them by design, so a test that kills an agent leaves some.
 */
export async function killProcessesIn(dir: string): Promise<void> {
  await eventually(
    () => {
      const pids = processesIn(dir);
      for (const pid of pids) signalIfThere(pid, 'SIGKILL');
      return pids.length === 0;
    },
    { what: `the processes in ${dir} to end` },
  );
}

/** The ids of the processes whose working folder or command line lies in `dir`, ours excepted. */
export function processesIn(dir: string): readonly number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && pid !== process.pid)
    .filter((pid) => {
      const cwd = orEmpty(() => readlinkSync(`/proc/${String(pid)}/cwd`));
      const isIn =
        cwd === dir ||
        cwd.startsWith(`${dir}/`) ||
        orEmpty(() => readFileSync(`/proc/${String(pid)}/cmdline`, 'utf8')).includes(dir);
      return (
        isIn &&
        parseProcessStat(orEmpty(() => readFileSync(`/proc/${String(pid)}/stat`, 'utf8')))?.state !== 'Z'
      );
    });
}

/** A process may end while it is looked at, and some are nobody's business. */
function orEmpty(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}

function signalIfThere(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

/** Where systemd does not answer: services of agents under test are never to become units of this machine. */
const noSystemd = fileURLToPath(new URL('no-systemd', import.meta.url));

/** What a program of ours is started with. */
export function cleanEnvironment(): Record<string, string> {
  const names = ['HOME', 'TMPDIR', 'LANG', 'USER'];
  const given = names.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(given), PATH: `${noSystemd}:${process.env['PATH'] ?? ''}` };
}

function collect(stream: NodeJS.ReadableStream): () => string {
  let text = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => (text += chunk));
  return () => text;
}

async function exitOf(child: ChildProcess): Promise<Exit> {
  // 'close' comes after the last output, but never if a grandchild keeps the pipe: then 'exit' has to do.
  await once(child, 'exit');
  await Promise.race([once(child, 'close'), new Promise((resolve) => setTimeout(resolve, 500).unref())]);
  return { code: child.exitCode, signal: child.signalCode };
}

/** Each line is read once, however often it is asked for them all. */
function logLinesOf(out: () => string): () => readonly LogLine[] {
  const lines: LogLine[] = [];
  let read = 0;
  return () => {
    const text = out();
    const end = text.lastIndexOf('\n') + 1;
    if (end > read) lines.push(...text.slice(read, end).split('\n').flatMap(parseLogLine));
    read = end;
    return [...lines];
  };
}

function parseLogLine(line: string): LogLine[] {
  if (!line.startsWith('{')) return [];
  try {
    return [JSON.parse(line) as LogLine];
  } catch {
    return []; // not complete yet
  }
}
