import { readFile } from 'node:fs/promises';
import { writeDurably } from '../../shared/io/durable-file.js';
import type { DesiredState } from '../../shared/model/desired-state.js';

/** The last desired state, kept so that the node knows what to do with the coordinator away. */
export interface DesiredStore {
  read(): Promise<DesiredState | undefined>;
  write(desired: DesiredState): Promise<void>;
}

export function fileDesiredStore(path: string): DesiredStore {
  return {
    read: async () => {
      try {
        return JSON.parse(await readFile(path, 'utf8')) as DesiredState;
      } catch {
        // None yet, or not readable: the coordinator sends the whole of it anyway.
        return undefined;
      }
    },
    write: (desired) => writeDurably(path, JSON.stringify(desired)),
  };
}
