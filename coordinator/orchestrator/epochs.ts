import { epochText } from '../../shared/core/epoch.js';
import type { Epoch, NodeName } from '../../shared/model/ids.js';
import type { Batch } from './batch.js';
import { judgeClosures } from './locks/closures.js';
import { byRestore, lockWords, timeText } from './locks/locks.js';
import { feed } from './rollouts/carry-out.js';
import { lockKey } from './world.js';

/**
 * What a restore asks for, once: nobody knows what became of the fleet since the backup was taken, so nothing goes on by
 * itself. What was under way ends, every application is frozen until a person thaws it, and then it is a deploy that
 * moves nodes, in waves (nomad#14200: all at once is an outage).
 */
export function openEpoch(batch: Batch): void {
  const { world } = batch;
  const { restored } = world;
  if (restored === undefined) return;
  world.restored = undefined;
  const backup = `the backup of ${timeText(restored.takenAt)}`;
  const reason = `the coordinator was restored from ${backup}: compare what nodes run with what it knows (capstan why APP/ENV), then thaw and deploy`;
  for (const rollout of [...world.rollouts.values()]) {
    feed(batch, rollout, {
      kind: 'operator',
      action: 'abort',
      by: byRestore,
      reason: `restored from ${backup}`,
    });
  }
  for (const environment of [...world.environments.values()]) {
    // Which group takes the requests may be another one by now: the next deploy goes by what nodes say.
    const unknown = { settled: false, activeSlot: undefined, restoredFrom: restored.takenAt };
    batch.putEnvironment({ ...environment, ...unknown });
  }
  freezeAll(batch, reason);
  const message = `the coordinator was restored from ${backup}, and begins ${epochText(world.epoch)}`;
  batch.event('coordinator.restored', message, { actor: byRestore });
}

/** Another coordinator serves the fleet, or did: nothing new is begun here. Its nodes would refuse it anyway. */
export function standDown(batch: Batch, seen: Epoch): void {
  const message = outrankedText(batch.world.epoch, seen);
  freezeAll(batch, message);
  batch.event('coordinator.outranked', message, {
    actor: byRestore,
    reason: outrankedHint(batch.world.epoch, seen),
  });
}

/** What nodes have heard of other coordinators. */
export class HeardEpochs {
  /** Of the two nodes that have heard of the latest ones, the latest first. */
  #latest: readonly { readonly node: NodeName; readonly seen: Epoch }[] = [];
  #stoodDownFor: Epoch = 0;

  /**
   * One node alone is believed only where there is no other, and of two the lesser: it could make all others wait.
   * @param own this coordinator's, which is also heard of where another restore began it
   * @param nodes how many there are
   * @returns for which epoch to stand down; undefined: for none, or that was done
   */
  take(
    node: NodeName,
    heard: Epoch,
    { own, nodes }: { readonly own: Epoch; readonly nodes: number },
  ): Epoch | undefined {
    const others = this.#latest.filter((other) => other.node !== node);
    this.#latest = [...others, { node, seen: heard }].sort((a, b) => b.seen - a.seen).slice(0, 2);
    const { seen } = this.#latest[Math.min(2, nodes) - 1] ?? { seen: 0 };
    if (seen < own || seen <= this.#stoodDownFor) return undefined;
    this.#stoodDownFor = seen;
    return seen;
  }

  /** What was done of it may be lost. */
  standDownAgain(): void {
    this.#stoodDownFor = 0;
  }
}

/** @param seen what nodes have heard of; our own epoch: another restore began it as well */
export const outrankedText = (own: Epoch, seen: Epoch): string =>
  seen === own
    ? `nodes have heard of another coordinator of ${epochText(own)}: two restores began it, and each node keeps to the one that it heard of first`
    : `nodes have heard of ${epochText(seen)}, and this coordinator is of ${epochText(own)}: another one was restored, and they refuse what this one says`;

export const outrankedHint = (own: Epoch, seen: Epoch): string =>
  seen === own
    ? `Stop the one that is not to go on; then back the other up and restore it with --after ${seen}, so that all nodes follow it.`
    : `Stop this coordinator, and leave the other one to serve. If it is this one that is to go on: stop the other, back this one up and restore it with --after ${seen}.`;

/** What a person has frozen stays theirs, but does not end by itself. */
function freezeAll(batch: Batch, reason: string): void {
  for (const app of batch.world.applications.keys()) {
    const place = { kind: 'freeze', app, env: undefined } as const;
    const held = batch.world.locks.get(lockKey(place));
    if (held !== undefined) {
      if (held.until !== undefined) batch.putLock({ ...held, until: undefined });
      continue;
    }
    batch.putLock({ ...place, owner: byRestore, reason, since: batch.now, until: undefined });
    batch.event(`env.${lockWords.freeze.is}`, `${app} is frozen`, { app, actor: byRestore, reason });
  }
  judgeClosures(batch);
}
