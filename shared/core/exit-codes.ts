import type { ErrorCode } from '../model/errors.js';

/** What `capstan` exits with, part of the contract with scripts. */
export const exitCodes: Readonly<Record<ErrorCode, number>> = {
  failed: 1,
  corrupt: 1,
  cancelled: 1,
  internal: 1,
  invalid: 2,
  unreachable: 3,
  unavailable: 3,
  refused: 4,
  unauthenticated: 4,
  permissionDenied: 4,
  conflict: 4,
  notFound: 5,
};
