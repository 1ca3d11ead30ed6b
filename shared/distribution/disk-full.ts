/** No space, over quota, or over the process's limit on file size: the disk takes no more. */
const codes: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/** True if an error, or what caused it, is a disk that takes no more. */
export const isDiskFull = (error: unknown): boolean => isCausedBy(error, codes);

/** True if an error, or what caused it, is a file system that is mounted read-only, or has become so after a fault. */
export const isReadOnly = (error: unknown): boolean => isCausedBy(error, new Set(['EROFS']));

function isCausedBy(error: unknown, wanted: ReadonlySet<unknown>): boolean {
  for (let at = error, depth = 0; at instanceof Error && depth < 8; at = at.cause, depth++) {
    if ('code' in at && wanted.has(at.code)) return true;
  }
  return false;
}

/** True for a file system error with one of these codes. */
export const hasCode = (error: unknown, ...wanted: readonly string[]): boolean =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && wanted.includes(error.code);
