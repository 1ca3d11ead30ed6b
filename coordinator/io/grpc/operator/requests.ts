import { createHash } from 'node:crypto';
import { parseEnvelope } from '../../../../shared/core/envelope.js';
import { CapstanError } from '../../../../shared/model/errors.js';
import {
  type AppName,
  type ConsumerName,
  checkNameRule,
  dnsLabelRule,
  type EnvName,
  isAppName,
  isCheckName,
  isConsumerName,
  isEnvName,
  isNodeName,
  isReleaseVersion,
  isRolloutId,
  type NodeName,
  type ReleaseVersion,
  type RolloutId,
  versionRule,
} from '../../../../shared/model/ids.js';
import { isLabelKey, isLabelValue, type Labels } from '../../../../shared/model/labels.js';
import type { ReleaseRef } from '../../../../shared/model/release.js';
import { quoted } from '../../../../shared/release/path-rules.js';
import { type Claim, statementFault } from '../../../../shared/signing/verify.js';
import type { ReleaseRef__Output as WireRef } from '../../../../shared/wire/gen/capstan/v1/ReleaseRef.js';
import { releaseRefFromWire } from '../../../../shared/wire/release-ref.js';
import type { CallIdentity, EnvironmentName } from '../../../ports/operations.js';

// What operators send is narrowed to the model here, and nowhere else.

const invalid = (message: string, hint?: string): CapstanError =>
  new CapstanError('invalid', message, hint === undefined ? {} : { hint });

export function appName(text: string): AppName {
  if (isAppName(text)) return text;
  throw invalid(`${quoted(text)} cannot be the name of an application.`, `Names are ${dnsLabelRule}.`);
}

export const optionalApp = (text: string): AppName | undefined => (text === '' ? undefined : appName(text));

export function envName(text: string): EnvName {
  if (isEnvName(text)) return text;
  throw invalid(`${quoted(text)} cannot be the name of an environment.`, `Names are ${dnsLabelRule}.`);
}

/** `web/production` */
export function environmentName(text: string): EnvironmentName {
  const [app = '', env = '', ...more] = text.split('/');
  if (more.length === 0) return { app: appName(app), env: envName(env) };
  throw invalid(`${quoted(text)} is not an environment.`, 'Give it as APP/ENV, such as web/production.');
}

export function consumerName(text: string): ConsumerName {
  if (isConsumerName(text)) return text;
  throw invalid(`${quoted(text)} cannot be the name of a consumer.`, `Names are ${dnsLabelRule}.`);
}

export function nodeName(text: string): NodeName {
  if (isNodeName(text)) return text;
  throw invalid(`${quoted(text)} cannot be the name of a node.`, `Names are ${dnsLabelRule}.`);
}

export function version(text: string): ReleaseVersion {
  if (isReleaseVersion(text)) return text;
  throw invalid(`${quoted(text)} cannot be a version.`, `A version is ${versionRule}.`);
}

export function checkName(text: string): string {
  if (isCheckName(text)) return text;
  throw invalid(`${quoted(text)} cannot be the name of a check.`, `Names are ${checkNameRule}.`);
}

export function rolloutId(text: string): RolloutId {
  if (isRolloutId(text)) return text;
  throw new CapstanError('notFound', `There is no rollout ${quoted(text)}.`, {
    hint: 'See `capstan rollout list` for those there are.',
  });
}

export function reason(text: string): string {
  if (text.length <= 1000) return text;
  throw invalid('The reason is longer than 1000 characters.');
}

/** A limit of a list; 0 means the default. */
export const limitOf = (given: number, fallback: number): number =>
  Math.min(given === 0 ? fallback : given, 10_000);

export function labels(given: Readonly<Record<string, string>>): Labels {
  for (const [key, value] of Object.entries(given)) {
    if (!isLabelKey(key)) throw invalid(`${quoted(key)} cannot be the key of a label.`);
    if (!isLabelValue(value))
      throw invalid(`${quoted(value)} cannot be the value of the label ${quoted(key)}.`);
  }
  return given;
}

/** @throws CapstanError `invalid`: absent, or with sizes that cannot be */
export function releaseRef(wire: WireRef | null | undefined): ReleaseRef {
  if (wire === null || wire === undefined) throw invalid('The release is missing.');
  const ref = readRef(wire);
  version(ref.version);
  const sizes: number[] = [ref.manifestSize, ref.layout.size, ref.contentSize, ref.fileCount, ref.packSize];
  sizes.push(ref.database?.timeoutMs ?? 0);
  for (const { size, rawSize, patch } of ref.deltas) sizes.push(size, rawSize, patch?.size ?? 0);
  if (sizes.every((size) => Number.isSafeInteger(size) && size >= 0)) return ref;
  throw invalid('The sizes of the release are not sound.');
}

/**
 * What says who signed a release. Whose keys they are is nothing that the coordinator knows.
 * @throws CapstanError `invalid` if it is not one, or is about something else
 */
export function envelope(text: string, release: Omit<Claim, 'envelope'>): string {
  const found = parseEnvelope(text);
  const fault =
    typeof found === 'string' ? `the signature cannot be read: ${found}` : statementFault(release, found);
  if (fault === undefined) return text;
  throw invalid(`${fault.charAt(0).toUpperCase()}${fault.slice(1)}.`);
}

function readRef(wire: WireRef): ReleaseRef {
  try {
    return releaseRefFromWire(wire);
  } catch {
    throw invalid('The release is described in a way that cannot be right.');
  }
}

const keyPattern = /^[\x21-\x7e]{0,200}$/;

/** Names a call by its idempotency key and a digest of the rest. */
export function identityOf(
  method: string,
  by: string,
  { idempotencyKey, ...request }: { readonly idempotencyKey: string },
): CallIdentity {
  if (!keyPattern.test(idempotencyKey)) {
    throw invalid('An idempotency key is at most 200 printable characters without blanks.');
  }
  const digest = createHash('sha256').update(JSON.stringify(request)).digest('hex');
  return { key: idempotencyKey, method, request: digest, by };
}
