import type { Transition, World } from '../world.js';
import { assignsOf, type Invariant, type Memory } from './invariant.js';

function rollbackIsFinal(_world: World, transition: Transition): string | undefined {
  const { before, decision } = transition;
  const { header } = decision.state;
  if (before?.header.lane === 'back' && header.lane !== 'back') return 'a rollback went forward again';
  if (header.lane === 'forward') return undefined;
  if (assignsOf(transition).some(({ target }) => target === 'to'))
    return 'a rollback assigned the release that failed';
  if (header.cause === 'rollback') return 'a rollback was rolled back';
  if (header.from === undefined) return 'there is nothing to go back to';
  const same =
    header.from.release.digest === header.to.release.digest &&
    header.from.configRevision === header.to.configRevision;
  if (same) return 'it went back to the same release';
  if (header.waves.some(({ status }) => status === 'baking' && header.currentWave < 0))
    return 'a rollback bakes';
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
