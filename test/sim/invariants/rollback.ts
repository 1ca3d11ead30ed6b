import { getKey } from '../../../coordinator/core/collections/hash-map.js';
import type { Effect } from '../../../coordinator/core/rollout/types/effects.js';
import type { RolloutHeader } from '../../../coordinator/core/rollout/types/rollout.js';
import type { Transition, World } from '../world.js';
import { countOf, standingsAfter } from './floor.js';
import { type Invariant, type Memory, over } from './invariant.js';

function rollbackIsFinal(world: World, transition: Transition, memory: Memory): string | undefined {
  const { before, decision } = transition;
  const { header } = decision.state;
  if (before?.header.lane === 'back' && header.lane !== 'back') return 'a rollback went forward again';
  const delayed = header.cause === 'rollback' ? delayOf(header) : undefined;
  if (delayed !== undefined) return delayed;
  if (header.lane === 'forward') return undefined;
  if (sinceTurning(transition).some((effect) => effect.kind === 'assign' && effect.target === 'to'))
    return 'a rollback assigned the release that failed';
  if (header.cause === 'rollback') return 'a rollback was rolled back';
  if (header.from === undefined) return 'there is nothing to go back to';
  const same =
    header.from.release.digest === header.to.release.digest &&
    header.from.configRevision === header.to.configRevision;
  if (same) return 'it went back to the same release';
  return waitsForNothing(world, transition, memory);
}

/** It goes back in one wave that nothing holds up. */
function delayOf({ waves }: RolloutHeader): string | undefined {
  if (waves.length > 1) return `a rollback goes in ${waves.length} waves`;
  const [wave] = waves;
  if (wave?.canary === true) return 'a rollback has a canary';
  if (wave?.gate === 'manual' || wave?.status === 'gated') return 'a rollback waits at a gate';
  if ((wave?.bakeMs ?? 0) > 0 || wave?.status === 'baking') return 'a rollback bakes';
  return wave?.batch === undefined ? undefined : 'a rollback goes in batches';
}

/** What a decision said of a rollout after it had turned round: it may have gone forward until then. */
function sinceTurning({ before, decision: { effects } }: Transition): readonly Effect[] {
  if (before?.header.lane === 'back') return effects;
  const turning = effects.findIndex(
    (effect) => effect.kind === 'record' && effect.event === 'rollout.rollingBack',
  );
  return effects.slice(Math.max(0, turning));
}

/** The floor is all that a node which is to be taken back ever waits for. */
function waitsForNothing(world: World, transition: Transition, memory: Memory): string | undefined {
  const { state } = transition.decision;
  const { header } = state;
  const isHeld = header.hold !== undefined || header.frozenSince !== undefined;
  if (isHeld || over(state) || header.closed?.kind === 'freeze') return undefined;
  const standings = standingsAfter(world, transition, memory);
  const { unavailable, base, limit } = countOf(standings, header.strategy.maxUnavailable);
  for (const name of memory.sentForward) {
    const row = getKey(state.nodes, name);
    if (row?.phase !== 'pending' || row.liveness !== 'connected') continue;
    const isServing = standings.get(name) === 'available';
    if (!isServing) return `${name} waits to be taken back, though it does not serve`;
    if (unavailable < limit)
      return `${name} waits to be taken back, though ${unavailable} of ${base} are unavailable and ${limit} may be`;
  }
  return undefined;
}

function rollbackIsComplete(world: World, _settled: boolean, memory: Memory): string | undefined {
  const { header } = world.state;
  if (header.status !== 'rolledBack' || header.from === undefined) return undefined;
  for (const name of memory.sentForward) {
    const agent = world.agents.get(name);
    const row = world.rowOf(name);
    if (agent?.liveness !== 'connected' || row?.liveness !== 'connected' || row.phase === 'excused') continue;
    const wanted = agent.inbox ?? agent.task;
    if (wanted?.target.release.digest !== header.from.release.digest) return `${name} was not taken back`;
  }
  return undefined;
}

export const rollback: Invariant = {
  name: '7 a rollback takes back all it must, and never triggers another',
  step: rollbackIsFinal,
  end: rollbackIsComplete,
};
