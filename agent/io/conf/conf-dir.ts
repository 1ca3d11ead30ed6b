import { readdirSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import type { FSWatcher } from 'chokidar';
import { errorText } from '../../../shared/core/error-text.js';
import { CapstanError } from '../../../shared/model/errors.js';
import type { Clock } from '../../../shared/ports/clock.js';
import type { Logger } from '../../../shared/ports/logger.js';
import { isConfFile } from '../../stager/settings/conf-file.js';
import type { OwnConf } from '../../stager/settings/own-values.js';

export interface ConfDirOptions {
  readonly folder: string;
  /** Rejects with CapstanError `invalid`, with file, line and column. */
  readonly read: () => Promise<OwnConf>;
  readonly apply: (conf: OwnConf) => Promise<void>;
  /** Told why what stands there now does not count. */
  readonly refuse: (why: string) => void;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Between two looks that nothing asks for: at a folder that is made later, or on a network, which tells of no changes. */
const restMs = 1_000;
/** Between two looks at what may still be written. */
const lookMs = 100;

/**
 * Applies valid changes of the folder once nothing changes any more from one look to the next; an invalid one is refused
 * with its line, and what was valid before stays. Resolves when aborted.
 */
export async function watchConfDir(options: ConfDirOptions, signal: AbortSignal): Promise<void> {
  const { folder, clock, log } = options;
  let known = lookOf(folder);
  let last = known;
  if (known === absent) log.info('conf.absent', { folder, what: 'files in it count once there are some' });
  let news = new AbortController();
  const ring = (): void => {
    news.abort();
  };
  signal.addEventListener('abort', ring, { once: true });
  let watcher: FSWatcher | undefined;
  while (!signal.aborted) {
    if (watcher === undefined && last !== absent) watcher = await watchFolder(options, ring);
    await clock.sleep(last === known ? restMs : lookMs, news.signal).catch(() => undefined);
    news = new AbortController();
    const look = lookOf(folder);
    if (look === last && look !== known) {
      known = look;
      await reread(options);
    }
    last = look;
  }
  await watcher?.close();
}

/** chokidar is loaded only if there is a folder to watch. */
async function watchFolder({ folder, log }: ConfDirOptions, onChange: () => void): Promise<FSWatcher> {
  const { watch } = await import('chokidar');
  const watcher = watch(folder, { ignoreInitial: true, depth: 0 });
  watcher.on('error', (error) => {
    log.warn('conf.unwatched', { folder, error }); // the slow looks go on
  });
  // What came before it watches is seen by the look that follows.
  watcher.once('ready', onChange);
  watcher.on('all', onChange);
  return watcher;
}

const absent = 'absent';

/** Changes with whatever may change what the files say. */
function lookOf(folder: string): string {
  try {
    const names = readdirSync(folder).filter(isConfFile).sort();
    return JSON.stringify(names.map((name) => [name, markOf(join(folder, name))]));
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT' ? absent : String(error);
  }
}

function markOf(path: string): readonly unknown[] {
  try {
    const { ino, size, mtimeMs, ctimeMs }: Stats = statSync(path);
    return [ino, size, mtimeMs, ctimeMs];
  } catch (error) {
    return [String(error)];
  }
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
