import { budgets } from './invariants/budgets.js';
import { closures } from './invariants/closures.js';
import { database } from './invariants/database.js';
import { bandwidth, staging } from './invariants/fetching.js';
import { floor } from './invariants/floor.js';
import { frozenPlan } from './invariants/frozen-plan.js';
import { holding } from './invariants/holding.js';
import type { Invariant } from './invariants/invariant.js';
import { operators } from './invariants/operators.js';
import { afterCrash, converged } from './invariants/repeats.js';
import { rollback } from './invariants/rollback.js';
import { superseding } from './invariants/superseding.js';
import { waves } from './invariants/waves.js';

/** Of the engine, each asked after every event; one file each, or one for two that are about the same. */
export const invariants: readonly Invariant[] = [
  floor,
  waves,
  budgets,
  superseding,
  frozenPlan,
  operators,
  rollback,
  converged,
  afterCrash,
  holding,
  bandwidth,
  staging,
  database,
  closures,
];
