import { signersOf } from '../../../shared/core/envelope.js';
import type { AppName, NodeName } from '../../../shared/model/ids.js';
import { messageLimits } from '../../../shared/model/messages.js';
import type { NodeStatus } from '../../../shared/model/node-status.js';
import type { ReleaseRef } from '../../../shared/model/release.js';
import { listed, plural } from '../rollout/explain/sentences.js';

type SaidOfSigning = Pick<NodeStatus, 'allowUnsigned' | 'trustedKeys'>;

/**
 * Whether a node will refuse the release, by what it tells of its rules: that is of all its applications together, so that
 * only what none of them lets run is sure to be refused.
 */
export function refusesSignature(
  { envelope }: Pick<ReleaseRef, 'envelope'>,
  { allowUnsigned, trustedKeys = [] }: SaidOfSigning,
): boolean {
  const isAll = trustedKeys.length < messageLimits.trustedKeys;
  return !allowUnsigned && isAll && !signersOf(envelope).some((id) => trustedKeys.includes(id));
}

/** As a node would say it. */
export const refusalReason = (app: AppName, { version, envelope }: ReleaseRef): string =>
  envelope === undefined
    ? `${app} ${version} is not signed, and the node runs only what is`
    : `${app} ${version} is signed by no key that the node trusts`;

/** What is to be done about it; '' if no node refuses it. */
export function refusingText(
  app: AppName,
  { version, envelope }: ReleaseRef,
  nodes: readonly NodeName[],
): string {
  if (nodes.length === 0) return '';
  const why = envelope === undefined ? 'nobody has signed it' : 'no key that they trust has signed it';
  return `${plural(nodes.length, 'node')} would refuse it (${listed(nodes)}), since ${why}; capstan release sign ${app}@${version} --key FILE does, with a key that they trust`;
}
