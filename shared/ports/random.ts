/** Randomness and fresh identifiers, injected everywhere. */
export interface Random {
  /** In [0, 1). */
  next(): number;
  /** `bytes` random bytes as lower-case hexadecimal. */
  hex(bytes: number): string;
}
