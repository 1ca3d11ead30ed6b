/**
 * The closed set of ways a request can fail. The comment gives the exit code of `capstan` for each.
 */
export type ErrorCode =
  | 'invalid' // 2: the command, a file or an argument is wrong; nothing was changed
  | 'unreachable' // 3: the coordinator or a store cannot be reached
  | 'refused' // 4: lock, gate, the state of things
  | 'unauthenticated' // 4: nobody who is known: no token, or one that is worth nothing
  | 'permissionDenied' // 4: who calls is known, and may not
  | 'conflict' // 4: the name or version is taken by other content
  | 'notFound' // 5: no such application, environment, release, node, rollout
  | 'failed' // 1: it was tried, and it failed
  | 'unavailable' // 3: busy or shutting down; try again later
  | 'corrupt' // 1: bytes do not have the digest, size or shape they were said to have
  | 'cancelled' // 1: the caller gave up
  | 'internal'; // 1: a defect of Capstan

/** Where in a file or an argument the fault lies; lines and columns count from 1. */
export interface Location {
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}

export interface ErrorDetails {
  /** What to do next, one sentence. */
  readonly hint?: string;
  readonly location?: Location;
  readonly cause?: unknown;
  /** With `unavailable`: how long the caller should wait before trying again. */
  readonly retryAfterMs?: number;
}

/**
 * The one error type of Capstan. `message` is a sentence for people that names what was wrong and where;
 * `hint` says what to do next.
 */
export class CapstanError extends Error {
  override readonly name = 'CapstanError';
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly location: Location | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.hint = details.hint;
    this.location = details.location;
    this.retryAfterMs = details.retryAfterMs;
  }

  /** Funnels anything thrown into a CapstanError; the original is kept as the cause. */
  static from(thrown: unknown, code: ErrorCode = 'internal'): CapstanError {
    if (thrown instanceof CapstanError) return thrown;
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    return new CapstanError(code, message, { cause: thrown });
  }
}
