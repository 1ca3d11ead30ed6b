import { homedir, userInfo } from 'node:os';

/** Where text goes; the size is a guess where there is no terminal. */
export interface Out {
  write(text: string): void;
  /** Waits until the reader has taken it. */
  writeBytes(bytes: Uint8Array): Promise<void>;
  readonly isTerminal: boolean;
  readonly columns: number;
  readonly rows: number;
}

/** The process as the commands see it. */
export interface Host {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: Out;
  readonly stderr: Out;
  readonly home: string;
  /** Who asks: the name of the user of the operating system. */
  readonly user: string;
  /** Fires at the first Ctrl-C or SIGTERM. */
  readonly interrupted: AbortSignal;
}

interface ProcessParts {
  readonly env: Host['env'];
  readonly exit: (code: number) => void;
}

/** The real process. A reader that goes away (`| head`) ends the program without a word. */
export function processHost({ env, exit }: ProcessParts): Host {
  const interrupted = new AbortController();
  let signals = 0;
  const onSignal = (): void => {
    signals += 1;
    if (signals > 1) exit(130);
    interrupted.abort();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      exit(error.code === 'EPIPE' ? 0 : 1);
    });
  }
  return {
    env,
    stdout: toOut(process.stdout),
    stderr: toOut(process.stderr),
    home: homedir(),
    user: userName(),
    interrupted: interrupted.signal,
  };
}

function toOut(stream: NodeJS.WriteStream): Out {
  return {
    write: (text) => stream.write(text),
    writeBytes: (bytes) =>
      new Promise((resolve, reject) => {
        stream.write(bytes, (error) => {
          if (error) reject(error);
          else resolve();
        });
      }),
    isTerminal: stream.isTTY,
    get columns() {
      return stream.columns > 0 ? stream.columns : 80;
    },
    get rows() {
      return stream.rows > 0 ? stream.rows : 24;
    },
  };
}

/** A user id without an entry in the password file (as in many containers) has no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid-${process.getuid?.() ?? 'unknown'}`;
  }
}

/** Asked again each time, since Ctrl-C may come between two questions. */
export const isInterrupted = ({ interrupted }: Host): boolean => interrupted.aborted;

/** A variable that is set to nothing says nothing. */
export const nonEmpty = (text: string | undefined): string | undefined => (text === '' ? undefined : text);
