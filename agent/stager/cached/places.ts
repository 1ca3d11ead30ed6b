/** With a path: keeps there what was compiled. For who builds Capstan. */
export const cacheFlag = '--write-cache';

/**
 * Has V8 optimize only what runs for long: most jobs are over before it pays, and a tenth of their processor time went
 * into it. Later versions than that of Node 20 have no such flag, and wait longer by themselves. What was compiled counts
 * under the same flags alone.
 */
export const stagerFlags = (): readonly string[] =>
  process.versions.v8.startsWith('11.') ? ['--interrupt-budget=1000000'] : [];
