import { stat } from 'node:fs/promises';
import { CapstanError } from '../../../shared/model/errors.js';
import type { Clock } from '../../../shared/ports/clock.js';
import type { Logger } from '../../../shared/ports/logger.js';
import type { Operations } from '../../ports/operations.js';
import { DropFolder } from './drop-folder.js';
import { type Publisher, publishBuild } from './publish-build.js';

export interface DropFolderSettings {
  readonly folder: string;
  readonly publisher: Publisher;
  readonly operations: Pick<Operations, 'recordCheck'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Who recorded the checks that the description of a build names. */
const actor = 'drop-folder';

/**
 * Begins to publish what is dropped into a folder.
 * @throws CapstanError `invalid` if there is no such folder
 */
export async function openDropFolder(settings: DropFolderSettings): Promise<DropFolder> {
  const { folder, publisher, operations, clock, logger } = settings;
  const stats = await stat(folder).catch(() => undefined);
  if (stats?.isDirectory() !== true) {
    throw new CapstanError('invalid', `--drop-dir: there is no folder ${folder}.`, {
      hint: 'Make it, for CI to write to and for the coordinator to read and clear.',
    });
  }
  const drops = new DropFolder({
    ...{ folder, clock, logger },
    async take({ app, version, checks, reason }, source, signal) {
      const published = await publishBuild(publisher, { app, version, source }, signal);
      const notes: string[] = [];
      for (const { name, passed } of checks) {
        const call = { key: '', method: 'RecordCheck', request: '', by: actor };
        // Whoever may write a file must not be able to take back what a person has found.
        const check = { app, version, name, passed, reason, yields: true };
        const { note } = await operations.recordCheck(call, check);
        if (note !== '') notes.push(note);
      }
      return { ...published, notes };
    },
  });
  await drops.start();
  return drops;
}
