import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeDurably } from '../../../shared/io/durable-file.js';

/** What the watch has put back, and why. */
export interface PutBack {
  /** The name of the release's directory. */
  readonly dir: string;
  readonly reason: string;
}

/**
 * What the agent, its launcher and `capstan-agent-watch` say to each other: small files of lines beside `current`, for the
 * other two are shell scripts.
 */
export interface UpdateFiles {
  /** The release that last proved itself; '': the one that was installed. */
  proven(): string;
  /** @param dir '': the one that was installed */
  prove(dir: string): Promise<void>;
  putBack(): PutBack | undefined;
  forgetPutBack(): Promise<void>;
  /** What runs is up, so that the launcher need not count how often it was started. */
  forgetStarts(): Promise<void>;
  /** A release is going to be tried. Seconds. */
  expect(deadline: number): Promise<void>;
}

export function updateFiles(updates: string): UpdateFiles {
  const path = (name: string): string => join(updates, name);
  const lines = (name: string): readonly string[] => {
    try {
      return readFileSync(path(name), 'utf8').split('\n');
    } catch {
      return [];
    }
  };
  const forgetPutBack = (): Promise<void> => rm(path('put-back'), { force: true });
  const forgetStarts = (): Promise<void> => rm(path('starts'), { force: true });
  return {
    proven: () => lines('proven')[0] ?? '',
    prove: (dir) => writeDurably(path('proven'), `${dir}\n`),
    putBack: () => {
      const [dir = '', reason = ''] = lines('put-back');
      return dir === '' ? undefined : { dir, reason };
    },
    forgetPutBack,
    forgetStarts,
    expect: async (deadline) => {
      await forgetStarts();
      await writeDurably(path('deadline'), `${deadline}\n`);
    },
  };
}
