import { epochAfter, firstGeneration, lastEpoch } from '../../../shared/core/epoch.js';
import { CapstanError } from '../../../shared/model/errors.js';
import type { Epoch, RestoreId } from '../../../shared/model/ids.js';
import type { Restored, Snapshot } from '../../ports/state-store.js';
import { openStateStore } from '../db/open.js';

/** What begins, and what is known in it. */
export interface Begun {
  readonly epoch: Epoch;
  readonly applications: number;
  readonly nodes: number;
}

interface EpochOptions {
  readonly restored: Restored;
  /** Another one for each restore. */
  readonly restoreId: RestoreId;
  /** A later epoch that is known of; 0: none. */
  readonly after: Epoch;
  /** It is known to be what was backed up. */
  readonly mayBeEmpty: boolean;
}

/**
 * Writes into a restored database that another epoch begins: its generations are above all that any node has seen. What
 * else that asks for is done by the coordinator that serves it next.
 * @throws CapstanError as `openStateStore`; `refused` if nothing was restored there, `invalid` if no epoch is after that one
 */
export async function beginEpoch(
  url: string,
  { restored, restoreId, after, mayBeEmpty }: EpochOptions,
): Promise<Begun> {
  const store = await openStateStore(url);
  try {
    const snapshot = await store.load();
    if (!mayBeEmpty && isEmpty(snapshot)) {
      throw new CapstanError('refused', 'There is nothing in the database.', {
        hint: 'Restore it first, with the tools of PostgreSQL (pg_restore); then run this again.',
      });
    }
    const { meta, applications, nodes } = snapshot;
    const epoch = epochAfter(Math.max(meta.epoch ?? 0, after), restored.restoredAt);
    if (epoch > lastEpoch) throw new CapstanError('invalid', `There is no epoch after ${epoch - 1}.`);
    const nextGeneration = Math.max(meta.nextGeneration, firstGeneration(epoch));
    await store.commit({ meta: { ...meta, nextGeneration, epoch, restoreId, restored } });
    return {
      ...{ epoch, applications: applications.length },
      nodes: nodes.filter(({ decommissioned }) => !decommissioned).length,
    };
  } finally {
    await store.close();
  }
}

/** As a database is that was just made: none that was ever served has no time of its own. */
const isEmpty = ({ meta, applications, nodes }: Snapshot): boolean =>
  meta.upTimeMs === 0 && applications.length === 0 && nodes.length === 0;
