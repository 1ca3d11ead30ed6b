/** What one check found. */
export interface Finding {
  /** Stable; for scripts. */
  readonly check: string;
  /** `note`: works, but less well than it could; only `bad` makes the exit code 1. */
  readonly state: 'ok' | 'note' | 'bad';
  /** What is so, for people. */
  readonly detail: string;
  /** What to do; given exactly if it is not ok. */
  readonly hint?: string;
}

export const ok = (check: string, detail: string): Finding => ({ check, state: 'ok', detail });
export const note = (check: string, detail: string, hint: string): Finding => ({
  ...{ check, detail, hint },
  state: 'note',
});
export const bad = (check: string, detail: string, hint: string): Finding => ({
  ...{ check, detail, hint },
  state: 'bad',
});

/** What went wrong, in the system's words. */
export const said = (error: unknown): string => (error instanceof Error ? error.message : String(error));
