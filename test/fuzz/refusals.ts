import { CapstanError, type ErrorCode } from '../../shared/model/errors.js';

/** Longer is no sentence. */
const longest = 4000;

/**
 * Reads something that may be refused with one of these codes and a sentence.
 * @returns what was read; undefined if it was refused
 * @throws Error about anything else that was thrown
 */
export function orRefused<T>(
  codes: readonly ErrorCode[],
  read: () => T,
  check: (refusal: CapstanError) => void = () => undefined,
): T | undefined {
  try {
    return read();
  } catch (thrown) {
    checkRefusal(codes, thrown);
    check(thrown);
    return undefined;
  }
}

/** @throws Error if it is not a refusal with one of these codes and a sentence */
export function checkRefusal(codes: readonly ErrorCode[], thrown: unknown): asserts thrown is CapstanError {
  if (!(thrown instanceof CapstanError)) throw new Error(`it threw ${String(thrown)}`, { cause: thrown });
  const { code, message } = thrown;
  if (!codes.includes(code)) throw new Error(`it is refused as "${code}": ${message}`, { cause: thrown });
  if (message === '' || message.length > longest)
    throw new Error(`it is refused with ${message.length} characters`, { cause: thrown });
}

/** @throws Error that says what does not hold */
export function hold(what: string, holds: boolean): void {
  if (!holds) throw new Error(`it was taken, and does not hold: ${what}`);
}
