import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { CapstanError } from '../../../../shared/model/errors.js';
import type { Layout } from '../layout.js';
import { identityOf, isSame } from './places.js';
import type { SwapCalls } from './swap-trees.js';

/**
 * Has two empty directories trade places where the application lives, for there is no other way to know.
 * @throws CapstanError with the file system's answer
 */
export async function tryExchange({ home }: Layout, { exchange }: SwapCalls): Promise<void> {
  const trial = join(home, '.exchange-trial');
  const [one, other] = [join(trial, 'one'), join(trial, 'other')];
  try {
    await rm(trial, { recursive: true, force: true });
    for (const path of [one, other]) await mkdir(path, { recursive: true });
    const before = identityOf(one);
    await exchange(one, other);
    if (!isSame(identityOf(other), before)) {
      throw new CapstanError('invalid', 'directories do not keep their inodes there');
    }
  } catch (thrown) {
    const { message } = CapstanError.from(thrown, 'failed');
    throw new CapstanError('invalid', `swap: exchange is not possible in ${home}: ${message}`, {
      cause: thrown,
    });
  } finally {
    await rm(trial, { recursive: true, force: true }).catch(() => undefined);
  }
}
