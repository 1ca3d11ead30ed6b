import { execFile } from 'node:child_process';

export interface CommandOptions {
  /** Killed after this long. Milliseconds. */
  readonly timeoutMs?: number;
}

/**
 * Runs a program to its end, in an environment that says as little as that of a daemon.
 * @returns what it wrote to standard output, without the newline at its end
 * @throws Error with what it wrote to standard error, if it fails or takes too long
 */
export function command(
  program: string,
  args: readonly string[],
  { timeoutMs = 30_000 }: CommandOptions = {},
): Promise<string> {
  const env = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LANG: 'C.UTF-8' };
  return new Promise((resolve, reject) => {
    const options = { env, timeout: timeoutMs, killSignal: 'SIGKILL', maxBuffer: 16 * 1024 * 1024 } as const;
    execFile(program, [...args], options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout.trimEnd());
      else reject(new Error(`${[program, ...args].join(' ')}: ${error.message}\n${stdout}${stderr}`));
    });
  });
}
