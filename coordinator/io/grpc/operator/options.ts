import type { Clock } from '../../../../shared/ports/clock.js';
import type { Enrolment } from '../../../ports/enrolment.js';
import type { Polls } from '../../../ports/fleet.js';
import type { Inventory } from '../../../ports/inventory.js';
import type { Operations } from '../../../ports/operations.js';
import type { Operators } from '../../../ports/operators.js';
import type { Outbox } from '../../../ports/outbox.js';
import type { Peers } from '../../../ports/peers.js';
import type { AssetStore } from '../../asset-store.js';
import type { DatabaseCopies } from '../../backup/database-copies.js';
import type { Authority } from '../../ca/authority.js';
import type { Identify } from '../identity.js';
import type { StoreJobs } from './store-jobs.js';

export interface OperatorServiceOptions {
  readonly operations: Operations;
  readonly inventory: Inventory;
  readonly outbox: Outbox;
  readonly polls: Polls;
  readonly peers: Pick<Peers, 'servingOf'>;
  readonly identify: Identify;
  readonly clock: Clock;
  /** Base URLs of the stores that releases are fetched from. */
  readonly stores: () => readonly string[];
  /** Where publishers send objects, and what lets them, as long as the operator's token with this hash is good. */
  readonly upload: (holder: string | undefined) => { readonly url: string; readonly ticket: string };
  /** What is done to the store as a whole. */
  readonly jobs: Pick<StoreJobs, 'claim' | 'checkStored' | 'settle' | 'isLost' | 'collectGarbage' | 'verify'>;
  /** Of the database, for backups; undefined: there are none. */
  readonly copies?: Pick<DatabaseCopies, 'read'> | undefined;
  /** Where browsers fetch assets; undefined: there is no such store. */
  readonly assets?: AssetStore | undefined;
  /** Who may become a node, and who may call; absent under --insecure-loopback, where whoever calls itself so is. */
  readonly joining?: Joining | undefined;
  /** Ends the streams when the coordinator drains. */
  readonly signal: AbortSignal;
}

export interface Joining {
  readonly enrolment: Enrolment;
  readonly operators: Operators;
  readonly authority: Pick<Authority, 'pin' | 'certificate'>;
  /** Of the key that the coordinator shows on all its ports. */
  readonly serverPin: string;
  /** Where new servers get what installs the agent; undefined while there is no package of it. */
  readonly installUrl: () => Promise<string | undefined>;
  /** Where others reach the port of operators, at which servers enrol as well. */
  readonly operatorAddress: () => string;
}
