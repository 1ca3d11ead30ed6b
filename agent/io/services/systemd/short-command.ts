import { spawn } from 'node:child_process';

export interface ShortCommand {
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Killed after this long. Milliseconds. */
  readonly limitMs: number;
  /** How much of the end of its output is kept. Bytes. */
  readonly keepBytes: number;
}

export interface ShortCommandEnd {
  /** undefined: it could not be started, was killed or took too long. */
  readonly code: number | undefined;
  readonly output: string;
  /** What it said on standard error, or why there is no exit code: one line. */
  readonly complaint: string;
}

/** Runs a program of the host that answers at once, such as systemctl, and never rejects. */
export function runShort({ command, env, limitMs, keepBytes }: ShortCommand): Promise<ShortCommandEnd> {
  const [program = '', ...args] = command;
  return new Promise((resolve) => {
    const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const output = keepEnd(child.stdout, keepBytes);
    const errors = keepEnd(child.stderr, 2048);
    let late = false;
    const limit = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
      // Whoever holds its pipes must not be waited for.
      child.stdout.destroy();
      child.stderr.destroy();
    }, limitMs);
    const end = (code: number | undefined, complaint: string): void => {
      clearTimeout(limit);
      resolve({ code, output: output(), complaint });
    };
    child.once('error', (error) => {
      end(undefined, error.message);
    });
    child.once('close', (code, signal) => {
      if (late) end(undefined, `${program} did not answer within ${limitMs} ms`);
      else if (code === null) end(undefined, `${program} was killed by ${signal ?? 'a signal'}`);
      else end(code, errors().trim().replace(/\s+/g, ' '));
    });
  });
}

/** @returns the last bytes of a stream as text, from the start of a line if some were left out */
function keepEnd(stream: NodeJS.ReadableStream, maxBytes: number): () => string {
  let kept: Buffer[] = [];
  let size = 0;
  let cut = false;
  const shorten = (): Buffer => {
    const whole = Buffer.concat(kept);
    cut ||= whole.length > maxBytes;
    const end = whole.subarray(Math.max(0, whole.length - maxBytes));
    kept = [end];
    size = end.length;
    return end;
  };
  stream.on('data', (chunk: Buffer) => {
    kept.push(chunk);
    size += chunk.length;
    if (size > 4 * maxBytes) shorten();
  });
  return () => {
    const text = shorten().toString('utf8');
    const lineEnd = text.indexOf('\n');
    return cut && lineEnd >= 0 ? text.slice(lineEnd + 1) : text;
  };
}
