import type { NodeName } from '../../../shared/model/ids.js';
import type { Inventory } from '../../ports/inventory.js';
import type { CallIdentity, Operations } from '../../ports/operations.js';
import type { Batch } from '../batch.js';
import { lock, unlock } from '../locks/commands.js';
import type { Loop } from '../loop.js';
import { decommissionNode, labelNode } from '../nodes.js';
import { forgive } from '../poison.js';
import { approve, promote, recordCheck } from '../promotion/records.js';
import type { Answers } from './answers.js';
import { apply, register } from './catalogue.js';
import { control, type DeployContext, deploy, restart, stage } from './deploy.js';
import { removeApplication } from './removal/application.js';
import { giveUp } from './retention.js';
import { rollback } from './rollback.js';
import { sign } from './signatures.js';

export interface OperationsOptions {
  readonly loop: Loop<Batch>;
  readonly answers: Answers;
  readonly inventory: Pick<Inventory, 'rolloutHead'>;
  /** A batch on a copy, whose changes come to nothing. */
  readonly trial: () => Batch;
  readonly context: (call: CallIdentity) => DeployContext;
  /** Told when a node does not belong to the fleet any more. */
  readonly onDecommission: (node: NodeName) => void;
}

/** What operators ask for, each a job of the loop. */
export function createOperations(options: OperationsOptions): Operations {
  const { loop, answers, inventory, trial, context, onDecommission } = options;
  /** For what has no answer but that it was done. */
  const act = async (call: CallIdentity, run: (batch: Batch) => void): Promise<void> => {
    await answers.once(call, (batch) => {
      run(batch);
      return null;
    });
  };
  return {
    apply: async (call, specs, { dryRun, remove }) =>
      dryRun
        ? apply(trial(), specs, remove, context(call))
        : answers.once(call, (batch) => apply(batch, specs, remove, context(call))),
    removeApplication: (call, command) =>
      answers.once(call, (batch) => removeApplication(batch, command, call.by)),
    register: (call, app, release) => answers.once(call, (batch) => register(batch, app, release, call.by)),
    sign: (call, command) => answers.once(call, (batch) => sign(batch, command, call.by)),
    giveUpReleases: (keep, by) => loop.do((batch) => giveUp(batch, keep, by)),
    deploy: (call, command) => answers.once(call, (batch) => deploy(batch, command, context(call))),
    stage: (call, command) => answers.once(call, (batch) => stage(batch, command, context(call))),
    restart: (call, command) => answers.once(call, (batch) => restart(batch, command, context(call))),
    rollback: (call, command) => answers.once(call, (batch) => rollback(batch, command, context(call))),
    recordCheck: (call, command) => answers.once(call, (batch) => recordCheck(batch, command, call.by)),
    approve: (call, command) => answers.once(call, (batch) => approve(batch, command, call.by)),
    promote: (call, command) => answers.once(call, (batch) => promote(batch, command, call.by)),
    control: async (call, command) => {
      await inventory.rolloutHead(command.rollout);
      await act(call, (batch) => {
        control(batch, command, call.by);
      });
    },
    lock: (call, command) => answers.once(call, (batch) => lock(batch, command, call.by)),
    forgive: (call, digest, reason) => answers.once(call, (batch) => forgive(batch, digest, reason, call.by)),
    unlock: (call, command) => answers.once(call, (batch) => unlock(batch, command, call.by)),
    label: (call, node, change) =>
      act(call, (batch) => {
        labelNode(batch, node, { ...change, by: call.by });
      }),
    decommission: async (call, node, reason) => {
      await act(call, (batch) => {
        decommissionNode(batch, node, call.by, reason);
      });
      onDecommission(node);
    },
  };
}
