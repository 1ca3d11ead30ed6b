import { existsSync } from 'node:fs';
import { errorText } from '../../../shared/core/error-text.js';
import { CapstanError } from '../../../shared/model/errors.js';
import type { Logger } from '../../../shared/ports/logger.js';
import type { OwnConf } from '../../stager/settings/own-values.js';

export interface ConfDirOptions {
  readonly folder: string;
  /** Rejects with CapstanError `invalid`, with file, line and column. */
  readonly read: () => Promise<OwnConf>;
  readonly apply: (conf: OwnConf) => Promise<void>;
  /** Told why what stands there now does not count. */
  readonly refuse: (why: string) => void;
  readonly log: Logger;
}

/**
 * Applies valid changes of the folder at once; an invalid one is refused with its line, and what was valid before stays.
 * chokidar is loaded only if there is a folder to watch.
 * @returns what ends the watching
 */
export async function watchConfDir(options: ConfDirOptions): Promise<() => Promise<void>> {
  const { folder, log } = options;
  if (!existsSync(folder)) return () => Promise.resolve();
  const { watch } = await import('chokidar');
  const watcher = watch(folder, {
    ignoreInitial: true,
    depth: 0,
    awaitWriteFinish: { stabilityThreshold: 100, pollInterval: 50 },
  });
  watcher.on('error', (error) => {
    log.warn('conf.unwatched', { folder, error });
  });
  await new Promise<void>((resolve) => {
    watcher.once('ready', resolve);
  });
  watcher.on(
    'all',
    oneAtATime(() => reread(options)),
  );
  return () => watcher.close();
}

async function reread({ folder, read, apply, refuse, log }: ConfDirOptions): Promise<void> {
  try {
    await apply(await read());
    log.info('conf.applied', { folder });
  } catch (thrown) {
    const error = CapstanError.from(thrown);
    const { code, message, location } = error;
    if (code === 'cancelled') return;
    log.error('conf.refused', { message, location });
    refuse(errorText(error).replaceAll('\n', '; '));
  }
}

/** What is asked for while `work` runs is done once more when it ends, since it may have begun before the change. */
function oneAtATime(work: () => Promise<void>): () => void {
  let running = false;
  let asked = 0;
  const run = async (): Promise<void> => {
    running = true;
    for (let seen = 0; seen !== asked; ) {
      seen = asked;
      await work();
    }
    running = false;
  };
  return () => {
    asked += 1;
    if (!running) void run();
  };
}
