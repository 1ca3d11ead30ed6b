import { getKey, valuesOf } from '../../../coordinator/core/collections/hash-map.js';
import type { RolloutNode } from '../../../coordinator/core/rollout/types/node.js';
import type { RolloutState } from '../../../coordinator/core/rollout/types/rollout.js';
import type { Transition, World } from '../world.js';
import { hasEnded } from './floor.js';
import { assignsOf, type Invariant, type Memory, rolloutTime, share } from './invariant.js';

const settledPhases = new Set([
  'healthy',
  'failed',
  'turnedBack',
  'inconsistent',
  'lost',
  'skipped',
  'excused',
]);

function wavesInOrder(world: World, transition: Transition, memory: Memory): string | undefined {
  const { before, decision, event, now } = transition;
  const { header, nodes } = decision.state;
  for (const { node, target, intent } of assignsOf(transition)) {
    const row = getKey(nodes, node);
    if (intent !== 'activate' || target !== 'to' || row === undefined || row.wave < 0) continue;
    const open = header.waves.findIndex((wave, at) => at < row.wave && wave.status !== 'passed');
    if (open >= 0)
      return `${node} of wave ${row.wave} started while wave ${open} is ${String(header.waves[open]?.status)}`;
    if (header.staging) return `${node} was activated while the release is being staged`;
  }
  const tooMany = batchWrong(world, transition, memory);
  if (tooMany !== undefined) return tooMany;
  if (
    header.strategy.stageRequire !== undefined &&
    header.cause === 'deploy' &&
    !header.staging &&
    before?.header.staging === true &&
    header.lane === 'forward'
  ) {
    const wrong = stageWrong(world, decision.state);
    if (wrong !== undefined) return wrong;
  }
  return gatesWrong(
    before,
    decision.state,
    event.kind === 'operator' && event.action === 'approve',
    now,
    memory,
  );
}

/** Counted by what the nodes have said, not by what the engine keeps of it. */
function batchWrong(world: World, transition: Transition, memory: Memory): string | undefined {
  const { header, nodes } = transition.decision.state;
  const wave = header.waves[header.currentWave];
  if (wave?.batch === undefined) return undefined;
  const members = [...valuesOf(nodes)].filter((row) => row.wave === header.currentWave);
  const most = Math.max(1, share(wave.batch, members.length, Math.floor));
  const told = new Set(
    assignsOf(transition)
      .filter(({ intent, target }) => intent === 'activate' && target === 'to')
      .map(({ node }) => node),
  );
  if (!members.some(({ name }) => told.has(name))) return undefined;
  const underWay = members.filter(
    (row) => told.has(row.name) || (memory.activated.has(row.name) && isOnItsWay(world, memory, row)),
  );
  if (underWay.length <= most) return undefined;
  const names = underWay.map(({ name }) => name).join(', ');
  return `${names} are changed at once, and ${most} of wave ${header.currentWave} may be`;
}

/** Nobody has given it up, and it has not said that it is through. */
function isOnItsWay(world: World, { given }: Memory, { name, phase }: RolloutNode): boolean {
  const last = given.get(name);
  const isGivenUp = settledPhases.has(phase) || phase === 'pending';
  return last?.activate === true && !isGivenUp && !hasEnded(last.generation, world.heard.get(name));
}

function stageWrong(world: World, { header, nodes }: RolloutState): string | undefined {
  let base = 0;
  let done = 0;
  for (const row of valuesOf(nodes)) {
    if (!row.online || row.wave < 0 || row.liveness === 'lost') continue;
    if (row.phase === 'lost' || row.phase === 'excused') continue;
    base += 1;
    const status = world.heard.get(row.name);
    if (status?.staged.includes(header.to.release.digest) === true) done += 1;
  }
  const { stageRequire } = header.strategy;
  const required =
    stageRequire === undefined ? 0 : Math.min(base, Math.max(1, share(stageRequire, base, Math.ceil)));
  return done >= required ? undefined : `staging ended with ${done} of ${base}, ${required} are required`;
}

function gatesWrong(
  before: RolloutState | undefined,
  after: RolloutState,
  approved: boolean,
  now: number,
  memory: Memory,
): string | undefined {
  for (const [at, wave] of after.header.waves.entries()) {
    const was = before?.header.waves[at]?.status ?? 'pending';
    const members = [...valuesOf(after.nodes)].filter((node) => node.wave === at);
    const time = rolloutTime(after, now);
    if (wave.status === 'baking' && (was !== 'baking' || before?.header.hold !== undefined))
      memory.bakes.set(at, time);
    const isThrough = wave.status === 'passed' || wave.status === 'gated' || wave.status === 'baking';
    if (isThrough && (was === 'running' || (was === 'baking' && wave.status !== 'baking'))) {
      const unheard = members.find(({ phase, liveness }) => phase === 'healthy' && liveness !== 'connected');
      if (unheard !== undefined) return `wave ${at} is ${wave.status} while ${unheard.name} is not heard of`;
    }
    if (wave.status !== 'passed' || was === 'passed' || members.length === 0) continue;
    if (wave.gate === 'manual' && !approved) return `gate of wave ${at} opened by itself`;
    if (wave.bakeMs > 0 && time - (memory.bakes.get(at) ?? time) < wave.bakeMs)
      return `wave ${at} baked too short`;
    const open = members.find(
      ({ phase, only }) =>
        !settledPhases.has(phase) &&
        !(only === 'stage' && phase === 'staged') &&
        phase !== 'pending' &&
        phase !== 'staging',
    );
    if (was === 'running' && open !== undefined)
      return `wave ${at} passed while ${open.name} is ${open.phase}`;
  }
  return undefined;
}

export const waves: Invariant = {
  name: '2 no wave starts before the one before it has passed, none before the stage requirement',
  step: wavesInOrder,
};
