/** A token that somebody has made, and alone knows. */
export interface NewToken {
  /** SHA-256 in hexadecimal. */
  readonly hash: string;
  /** How long it is to be valid. Milliseconds. */
  readonly ttlMs: number;
}
