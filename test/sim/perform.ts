import { withShare } from '../../coordinator/core/fetch-shares.js';
import type { Closure } from '../../coordinator/core/rollout/types/plan.js';
import type { Fate, SimAgent } from './agent.js';
import type { Operation } from './scenario.js';
import type { World } from './world.js';

/** What somebody does, or what befalls the fleet, one thing after the other. */
export function perform(world: World, operation: Operation): void {
  world.now += 1_000;
  switch (operation.kind) {
    case 'step': {
      const agent = pick(world, operation.at);
      if (agent !== undefined) world.step(agent, fateOf(operation.fate));
      return;
    }
    case 'stepAll':
      for (let i = 0; i < operation.times; i++) world.stepAll(fateOf(operation.fate));
      return;
    case 'wait':
      world.now += operation.ms;
      world.send({ kind: 'tick' });
      return;
    case 'wake':
      world.wake();
      return;
    case 'crash':
      world.crash();
      return;
    case 'frozen':
    case 'outside':
    case 'open':
      world.close(closures[operation.kind]);
      return;
    case 'freeze':
      world.send({ kind: 'freeze', frozen: world.state.header.frozenSince === undefined });
      return;
    case 'join': {
      const agent = world.addAgent(`j${world.agents.size}-${world.now}`, world.agents.size, undefined);
      world.joined.add(agent.name);
      world.heard.set(agent.name, agent.status());
      world.send({ kind: 'nodeJoined', node: agent.planNode() });
      return;
    }
    case 'supersede':
      if (!world.isShut) world.supersede('release');
      return;
    case 'retune':
      if (!world.isShut) world.supersede('values');
      return;
    case 'return':
      if (!world.isShut) world.returnToProven();
      return;
    case 'retryAll':
      world.operator('retry');
      return;
    case 'pause':
    case 'resume':
    case 'approve':
    case 'abort':
      world.operator(operation.kind);
      return;
    default:
      performAt(world, operation.kind, operation.at);
  }
}

function performAt(
  world: World,
  kind: Extract<Operation, { at: number; fate?: never }>['kind'],
  at: number,
): void {
  const agent = pick(world, at);
  if (agent === undefined) return;
  switch (kind) {
    case 'sicken':
    case 'heal':
      agent.healthy = kind === 'heal';
      if (agent.liveness === 'connected') world.report(agent);
      return;
    case 'silent':
    case 'lost':
      if (agent.liveness === 'lost') return; // until it is heard of again
      world.setLiveness(agent, kind);
      return;
    case 'back':
      world.setLiveness(agent, 'connected');
      return;
    case 'stale': {
      const status = world.heard.get(agent.name);
      if (status !== undefined) world.send({ kind: 'nodeReported', node: agent.name, status });
      return;
    }
    case 'decommission':
      world.agents.delete(agent.name);
      world.shares = withShare(world.shares, agent.name, 0);
      world.send({ kind: 'nodeDecommissioned', node: agent.name });
      return;
    default:
      world.operator(kind, [agent.name]);
  }
}

const pick = ({ agents }: World, at: number): SimAgent | undefined =>
  [...agents.values()][at % Math.max(1, agents.size)];

const closures = {
  frozen: { kind: 'freeze', waitsFor: 'a thaw', hint: '' },
  outside: { kind: 'window', waitsFor: 'its maintenance window', hint: '' },
  open: undefined,
} as const satisfies Record<string, Closure | undefined>;

const fateOf = (number: number): Fate =>
  (['turnsBack', 'fails', 'stageFails', 'databaseFails'] as const)[number] ?? 'good';
