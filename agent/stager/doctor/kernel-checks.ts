import { readFileSync, statSync, watch } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { bad, type Finding, note, ok, said } from './finding.js';

/** Connections, files of a release that are being written, logs: a few hundred at most. */
const enoughFiles = 1024;

export function checkOpenFiles(): Finding {
  const [, soft = ''] = /^Max open files\s+(\S+)/m.exec(textOf('/proc/self/limits')) ?? [];
  const detail = `${soft === '' ? 'an unknown number of' : soft} open files allowed`;
  if (soft === '') return note('open-files', detail, 'is /proc mounted?');
  if (soft === 'unlimited' || Number(soft) >= enoughFiles) return ok('open-files', detail);
  return bad('open-files', detail, `allow ${enoughFiles}: LimitNOFILE= in the unit, or ulimit -n`);
}

/**
 * Whether changes of a folder can be watched: the kernel has a limit on those who watch, for each user, that others use up.
 * @param dir that is there
 */
export function checkInotify(dir: string, tryToWatch: (dir: string) => void = watchOnce): Finding {
  const limit = (name: string): string => textOf(`/proc/sys/fs/inotify/${name}`).trim() || 'unknown';
  const [instances, watches] = [limit('max_user_instances'), limit('max_user_watches')];
  const detail = `a user may have ${instances} watchers and ${watches} watches`;
  try {
    tryToWatch(dir);
    return ok('inotify', detail);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const name = code === 'ENOSPC' ? 'max_user_watches' : 'max_user_instances';
    const used = code === 'ENOSPC' || code === 'EMFILE' ? 'all are taken' : said(error);
    return bad(
      'inotify',
      `${detail}, and ${used}: changes of --conf-dir are not noticed`,
      `allow more, such as \`sysctl fs.inotify.${name}=${name === 'max_user_watches' ? 524_288 : 1024}\`, and keep it in /etc/sysctl.d`,
    );
  }
}

function watchOnce(dir: string): void {
  watch(dir).close();
}

/** What a node allows its applications is said in files that nobody else may write. */
export async function checkConfDir(confDir: string): Promise<Finding> {
  const check = 'conf-dir';
  const names = await readdir(confDir).catch(() => undefined);
  if (names === undefined) return ok(check, `${confDir} is not there: this node has no settings of its own`);
  const open = [confDir, ...names.map((name) => join(confDir, name))].filter(isWritableByOthers);
  if (open.length === 0) return ok(check, `${confDir} and its files are written by their owner alone`);
  const detail = `others than its owner can write ${open.join(', ')}: whoever does decides what runs here`;
  return bad(check, detail, `chmod go-w ${open.join(' ')}, and look through them`);
}

function isWritableByOthers(path: string): boolean {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats !== undefined && (stats.mode & 0o022) !== 0;
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}
