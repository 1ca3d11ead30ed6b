import type { RolloutNode } from '../../../../coordinator/core/rollout/types/node.js';
import type { RolloutHeader } from '../../../../coordinator/core/rollout/types/rollout.js';
import type { AssignmentRecord, EnvironmentRecord } from '../../../../coordinator/ports/state-store.js';
import { type Commit, keys, type Tables } from '../memory-store.js';
import { app, env } from '../releases.js';
import type { Watch } from '../site.js';

/** Something that must hold; made anew for each run, for it may remember what it has seen. */
export type Check = { readonly name: string } & Partial<Watch>;

/** Assignments of a commit that are new, not only changed. */
export const freshIn = ({ before, changes }: Commit): readonly AssignmentRecord[] =>
  (changes.assignments ?? []).filter(
    (given) => before.assignments.get(keys.assignment(given))?.generation !== given.generation,
  );

export const rowsOf = (tables: Tables, id: string): readonly RolloutNode[] =>
  [...tables.rolloutNodes.values()].filter(({ rollout }) => rollout === id).map(({ node }) => node);

export const rowOf = (tables: Tables, id: string, node: string): RolloutNode | undefined =>
  tables.rolloutNodes.get(keys.rolloutNode(id, node))?.node;

export const headerOf = (tables: Tables, id: string | undefined): RolloutHeader | undefined =>
  id === undefined ? undefined : tables.rollouts.get(id)?.header;

export const activeIn = (tables: Tables): readonly RolloutHeader[] =>
  [...tables.rollouts.values()].filter(({ endedAt }) => endedAt === undefined).map(({ header }) => header);

export const environmentIn = (tables: Tables, name = env): EnvironmentRecord | undefined =>
  tables.environments.get(keys.environment({ app, name }));
