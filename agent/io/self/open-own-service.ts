import { realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { packageRoot } from '../../../shared/io/package-root.js';
import { OwnService, type OwnServiceOptions } from './own-service.js';
import { updateFiles } from './update-files.js';

/** Undefined where no unit has started the agent: nobody would start its successor. */
export function openOwnService(
  env: NodeJS.ProcessEnv,
  options: Omit<OwnServiceOptions, 'updates' | 'files' | 'running'>,
): OwnService | undefined {
  const updates = env['CAPSTAN_AGENT_UPDATES'] ?? '';
  if (!isAbsolute(updates)) return undefined;
  return new OwnService({ ...options, updates, files: updateFiles(updates), running: runningIn(updates) });
}

/** The directory's name of the release that this program is from. */
function runningIn(updates: string): string | undefined {
  try {
    const home = packageRoot();
    return dirname(home) === join(realpathSync(updates), 'releases') ? basename(home) : undefined;
  } catch {
    return undefined; // nothing was deployed there yet
  }
}
