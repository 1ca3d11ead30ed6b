import type { Snapshot } from '../../coordinator/ports/state-store.js';

/** Of a coordinator that nobody has told anything. */
export const emptySnapshot: Snapshot = {
  applications: [],
  environments: [],
  releases: [],
  builds: [],
  activeRollouts: [],
  assignments: [],
  configs: [],
  nodes: [],
  locks: [],
  poison: [],
  tokens: [],
  identities: [],
  operators: [],
  meta: { nextGeneration: 1, upTimeMs: 0 },
};
