import { CapstanError } from '../../../shared/model/errors.js';
import { getKey } from '../../core/collections/hash-map.js';
import { roomOf } from '../../core/fetch-shares.js';
import { decide } from '../../core/rollout/decide.js';
import type { Decision, Effect } from '../../core/rollout/types/effects.js';
import type { RolloutEvent } from '../../core/rollout/types/events.js';
import type { RolloutHeader, RolloutState } from '../../core/rollout/types/rollout.js';
import type { Batch } from '../batch.js';
import { putTraffic } from '../slots.js';
import { type ActiveRollout, envKey } from '../world.js';
import { assign } from './assign.js';
import { finishEnvironment } from './finish.js';

/** Gives the engine an event and carries out what it decides. Returns the engine's refusal, if any. */
export function feed(batch: Batch, rollout: ActiveRollout, event: RolloutEvent): Decision['refusal'] {
  const { nextGeneration, shares } = batch.world;
  const decision = decide(rollout.state, event, batch.up, nextGeneration, roomOf(shares));
  if (decision.refusal !== undefined) return decision.refusal;
  if (decision.state === rollout.state && decision.effects.length === 0) return undefined;
  carryOut(batch, rollout, decision);
  return undefined;
}

export function carryOut(batch: Batch, rollout: ActiveRollout, decision: Decision): void {
  const { world } = batch;
  world.nextGeneration = decision.nextGeneration;
  rollout.state = decision.state;
  const { header } = decision.state;
  const finish = decision.effects.find((effect) => effect.kind === 'finish');
  const endedAt = finish === undefined ? undefined : batch.now;
  rollout.record = { ...rollout.record, header, endedAt };
  for (const effect of decision.effects) carryOutEffect(batch, decision.state, effect);
  batch.putRollout(
    rollout,
    decision.changedNodes.map((name) => [name, getKey(decision.state.nodes, name)]),
  );
}

function carryOutEffect(batch: Batch, state: RolloutState, effect: Effect): void {
  const { header } = state;
  switch (effect.kind) {
    case 'assign': {
      const target = effect.target === 'to' ? header.to : header.from;
      if (target === undefined) throw new CapstanError('internal', 'an assignment without a target');
      assign(batch, header, target, effect);
      return;
    }
    case 'traffic':
      putTraffic(batch, effect.node, header.app, effect);
      return;
    case 'switched': {
      const environment = batch.world.environments.get(envKey(header.app, header.env));
      // The spec may have come to tell groups apart in another way meanwhile.
      const isKnown = environment?.spec.strategy.parallel?.label === header.slots?.label;
      if (environment !== undefined && isKnown)
        batch.putEnvironment({ ...environment, activeSlot: effect.slot });
      return;
    }
    case 'record':
      batch.event(effect.event, effect.message, {
        ...subject(header),
        ...(effect.node === undefined ? {} : { node: effect.node }),
        ...(effect.actor === undefined ? {} : { actor: effect.actor }),
        ...(effect.reason === undefined ? {} : { reason: effect.reason }),
      });
      return;
    case 'finish':
      finishEnvironment(batch, header, effect);
  }
}

const subject = ({ app, env, id }: RolloutHeader): { app: string; env: string; rollout: string } => ({
  app,
  env,
  rollout: id,
});

/** Some of the fleet's bandwidth is free again: for the rollouts that wait for it, the oldest first, then the others. */
export function serveWaiting(batch: Batch): void {
  for (const rollout of [...batch.world.rollouts.values()]) {
    if (rollout.state.header.awaitsTurn) feed(batch, rollout, { kind: 'tick' });
  }
  for (const key of batch.world.crowded) batch.lookIn(key, undefined);
}
