import { readFile } from 'node:fs/promises';
import { parseAs } from '../../../shared/core/shapes.js';
import { writeDurably } from '../../../shared/io/durable-file.js';
import type { DesiredState } from '../../../shared/model/desired-state.js';
import { isDesiredState } from './assignment-shape.js';

/** The last desired state, kept so that the node knows what to do with the coordinator away. */
export interface DesiredStore {
  /** undefined: none yet, or not what an agent wrote; the coordinator sends the whole of it anyway. */
  read(): Promise<DesiredState | undefined>;
  write(desired: DesiredState): Promise<void>;
}

export function fileDesiredStore(path: string): DesiredStore {
  return {
    read: async () => {
      const json = await readFile(path, 'utf8').catch(() => '');
      return parseAs(isDesiredState, json);
    },
    write: (desired) => writeDurably(path, JSON.stringify(desired)),
  };
}
