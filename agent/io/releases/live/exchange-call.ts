import { getSystemErrorName } from 'node:util';
import type Koffi from 'koffi';
import { CapstanError } from '../../../../shared/model/errors.js';

/** Lets two paths trade places in one step: nobody ever finds either of them missing. Throws errors with a `code`. */
export type Exchange = (one: string, other: string) => void;

const atWorkingDirectory = -100;
const renameExchange = 2;

/**
 * `renameat2(2)` with `RENAME_EXCHANGE`, which Node.js has no function for. What calls it is loaded now, and not before
 * an application asks for it.
 * @throws CapstanError `invalid` if this system has no such call
 */
export async function loadExchange(): Promise<Exchange> {
  const { default: koffi } = await import('koffi');
  const renameat2 = findCall(koffi);
  return (one, other) => {
    const result: unknown = renameat2(atWorkingDirectory, one, atWorkingDirectory, other, renameExchange);
    if (result === 0) return;
    const code = getSystemErrorName(-koffi.errno());
    const error: NodeJS.ErrnoException = new Error(`${code}: exchange '${one}' and '${other}'`);
    error.code = code;
    throw error;
  };
}

function findCall(koffi: typeof Koffi): (...args: readonly unknown[]) => unknown {
  try {
    return koffi
      .load(null)
      .func('int renameat2(int from, const char *one, int to, const char *other, unsigned int flags)');
  } catch (cause) {
    throw new CapstanError(
      'invalid',
      'this system cannot exchange directories: its C library has no renameat2',
      {
        hint: 'leave swap: exchange out of capstan.yml',
        cause,
      },
    );
  }
}
