import type { Digest } from '../../../shared/model/ids.js';
import type { SimAgent } from '../agent.js';
import type { Transition, World } from '../world.js';
import { type Invariant, over } from './invariant.js';

/** Judged by what the nodes do and have said, not by what the engine remembers of it. */
function databaseFirst(world: World, { decision, event }: Transition): string | undefined {
  const { header } = decision.state;
  const due = header.cause === 'stage' ? undefined : world.dueStep(header.to);
  const began = new Map(
    [...world.agents.values()].flatMap((agent) => {
      const release = stepOf(agent);
      return release === undefined ? [] : [[agent.name, release] as const];
    }),
  );
  for (const effect of decision.effects) {
    if (effect.kind === 'finish' && effect.proven && due !== undefined && world.agents.size > 0)
      return 'a release was proven without its database step';
    if (effect.kind !== 'assign' || effect.intent !== 'activate') continue;
    const { node, target, database } = effect;
    if (target === 'from') {
      if (database) return `${node} was to run the database step of what it goes back to`;
      if (event.kind === 'plan' && header.pastReturn !== undefined)
        return `${node} was sent back past the database step of ${header.pastReturn}`;
      continue;
    }
    if (due === undefined) {
      if (database) return `${node} was to run a database step that is done`;
      continue;
    }
    if (!database) return `${node} was activated before the database step was done`;
    if (began.get(node) === header.to.release.digest)
      return `${node} was told again to run the database step that it may be running`;
    began.delete(node);
    if (began.size > 0)
      return `${node} was to run the database step while ${[...began.keys()].join(', ')} may be running it`;
    began.set(node, header.to.release.digest);
  }
  const isBack = header.lane === 'back' && !over(decision.state);
  return isBack && header.pastReturn !== undefined
    ? `it goes back past the database step of ${header.pastReturn}`
    : undefined;
}

/** The release whose step it was told to run, and has not ended; what it has not heard of yet has ended nothing. */
export function stepOf({ inbox, task, busy }: SimAgent): Digest | undefined {
  const step = inbox?.database === true ? inbox : task?.database === true && busy ? task : undefined;
  return step?.target.release.digest;
}

export const database: Invariant = {
  name: '13 one node runs the database step, first and once, and nothing goes back past one that cannot be reversed',
  step: databaseFirst,
};
