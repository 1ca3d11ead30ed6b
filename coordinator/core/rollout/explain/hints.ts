import { signatureTroubleIn } from '../../../../shared/core/signature-refusals.js';
import type { NodeName, RolloutId } from '../../../../shared/model/ids.js';
import type { StepFailure, StepName } from '../../../../shared/model/node-status.js';
import { isHeldShut } from '../closure.js';
import { isOver } from '../draft.js';
import { slotsHint } from '../parallel/explain.js';
import type { RolloutNode } from '../types/node.js';
import type { RolloutHeader, RolloutState } from '../types/rollout.js';

/** @param retry the rollout that can still have it tried again, if there is one */
export const byHandHint = (node: NodeName, retry: RolloutId | false): string =>
  `look at ${node} by hand: what serves there, and what does it say that was tried? Then ${retry === false ? 'deploy again' : `capstan rollout retry ${retry} ${node}`}`;

/**
 * What is to be done about what a node refuses for its signature.
 * @param release `web@1.4.0`
 * @param then the command that tries again
 * @returns undefined: it failed for something else
 */
export function signatureHint(reason: string, release: string, then: string): string | undefined {
  const sign = `capstan release sign ${release} --key FILE`;
  switch (signatureTroubleIn(reason)) {
    case 'unsigned':
      return `sign it with a key that the nodes trust: ${sign}; then ${then}`;
    case 'untrusted':
      return `sign it with a key that the nodes trust (${sign}), or have the nodes trust its key (trust.keys in their conf.d); then ${then}`;
    case 'changed':
      return 'find out why the release or its signature is not what was signed, before anybody deploys it again';
    case undefined:
      return undefined;
  }
}

/** @param failed those that failed first */
export function rolloutHint(state: RolloutState, failed: readonly RolloutNode[]): string {
  const { header } = state;
  const { id } = header;
  const inconsistent = failed.find(({ phase }) => phase === 'inconsistent');
  if (inconsistent !== undefined) return byHandHint(inconsistent.name, isOver(header) ? false : id);
  const failure = failed.find((node) => node.failure !== undefined)?.failure;
  if (header.status === 'rolledBack' || header.status === 'failed') return endedHint(header, failure);
  if (isOver(header)) return '';
  if (header.frozenSince !== undefined)
    return 'look at the coordinator and its network; it goes on by itself';
  if (header.hold?.by === 'operator') return `capstan rollout resume ${id}`;
  if (header.hold !== undefined)
    return (
      refusedHint(header, failure, `capstan rollout retry ${id} NODE…`) ??
      `capstan rollout retry ${id} NODE…, excuse ${id} NODE…, or abort ${id}`
    );
  if (isHeldShut(header)) return header.closed?.hint ?? '';
  const requests = slotsHint(state);
  if (requests !== '') return requests;
  const gated = header.lane === 'forward' && header.waves[header.currentWave]?.status === 'gated';
  return gated ? `capstan rollout approve ${id}` : '';
}

export function nodeHint({ header }: RolloutState, node: RolloutNode): string {
  if (node.phase === 'inconsistent') return byHandHint(node.name, isOver(header) ? false : header.id);
  if (isOver(header)) return overHint(header, node);
  if (node.phase === 'failed' || node.phase === 'turnedBack') {
    const retry = `capstan rollout retry ${header.id} ${node.name}`;
    return header.lane === 'back' && node.target === 'to'
      ? ''
      : (refusedHint(header, node.failure, retry) ?? `${retry}, or excuse ${header.id} ${node.name}`);
  }
  if (node.liveness !== 'connected') return 'look at the node and its agent';
  return '';
}

/** Of a node that did not fail itself, what failed elsewhere is to be looked at. */
function overHint(header: RolloutHeader, { failure }: RolloutNode): string {
  if (failure !== undefined) return endedHint(header, failure);
  const isUndone = header.status === 'rolledBack' || header.status === 'failed';
  return isUndone ? `see what failed, and what to do: capstan why ${header.id}` : '';
}

/** Nothing of the release itself is at work in these: the same one may go out again. */
const beforeContent: ReadonlySet<StepName> = new Set(['fetch', 'verify', 'unpack']);

function endedHint(header: RolloutHeader, failure: StepFailure | undefined): string {
  const again = againCommand(header);
  const refused = refusedHint(header, failure, `deploy it again: ${again}`);
  if (refused !== undefined) return refused;
  if (header.cause === 'stage') return `what is staged stays; try the others again: ${again}`;
  if (failure !== undefined && beforeContent.has(failure.step))
    return `mend what failed, then try again: ${again}`;
  return 'fix what failed, publish a new version and deploy that';
}

const againCommand = ({ cause, app, env, to }: RolloutHeader): string =>
  cause === 'restart'
    ? `capstan restart ${app} --env ${env}`
    : `capstan ${cause === 'stage' ? 'stage' : 'deploy'} ${app}@${to.release.version} --env ${env}`;

const refusedHint = (
  { app, to }: RolloutHeader,
  failure: StepFailure | undefined,
  then: string,
): string | undefined => failure && signatureHint(failure.reason, `${app}@${to.release.version}`, then);
