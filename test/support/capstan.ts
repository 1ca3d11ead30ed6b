import { run } from '../../coordinator/cli/run.js';

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface RunOptions {
  readonly address?: string;
  readonly terminal?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  readonly home?: string;
  /** Who asks. */
  readonly user?: string;
  readonly interrupted?: AbortSignal;
  /** Told of everything that is written to standard error, as it comes. */
  readonly onStderr?: (text: string) => void;
  readonly onStdout?: (text: string) => void;
}

/** Runs the command line in this process, with its own environment and captured output. */
export async function capstan(argv: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  const out = sink(options.terminal === true, options.onStdout ?? (() => undefined));
  const err = sink(options.terminal === true, options.onStderr ?? (() => undefined));
  const connection =
    options.address === undefined
      ? {}
      : { CAPSTAN_COORDINATOR: options.address, CAPSTAN_INSECURE_LOOPBACK: '1' };
  const code = await run(argv, {
    env: { ...connection, ...options.env },
    stdout: out,
    stderr: err,
    home: options.home ?? '/nonexistent',
    user: options.user ?? 'tester',
    interrupted: options.interrupted ?? new AbortController().signal,
  });
  return { code, stdout: out.text(), stderr: err.text() };
}

function sink(isTerminal: boolean, onText: (text: string) => void) {
  const chunks: Buffer[] = [];
  return {
    isTerminal,
    columns: 120,
    rows: 40,
    write(text: string) {
      chunks.push(Buffer.from(text));
      onText(text);
    },
    writeBytes(bytes: Uint8Array) {
      chunks.push(Buffer.from(bytes));
      onText(Buffer.from(bytes).toString());
      return Promise.resolve();
    },
    text: () => Buffer.concat(chunks).toString(),
  };
}
