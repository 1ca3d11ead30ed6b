import { CapstanError } from '../../../shared/model/errors.js';

/** The CapstanError that the body throws; anything else fails the test. */
export function failure(body: () => unknown): CapstanError {
  try {
    body();
  } catch (thrown) {
    if (thrown instanceof CapstanError) return thrown;
    throw thrown;
  }
  throw new Error('nothing was thrown');
}
