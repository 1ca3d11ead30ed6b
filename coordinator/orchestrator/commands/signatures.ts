import {
  encodeEnvelope,
  joinEnvelopes,
  parseEnvelope,
  shortKeyId,
  signersOf,
} from '../../../shared/core/envelope.js';
import { CapstanError } from '../../../shared/model/errors.js';
import type { Release, ReleaseRef } from '../../../shared/model/release.js';
import type { SignCommand } from '../../ports/operations.js';
import type { Batch } from '../batch.js';
import { requireRelease } from './deploy.js';

/** Adds signatures to those of a release. The same again changes nothing. */
export function sign(batch: Batch, { app, version, envelope }: SignCommand, by: string): Release {
  return addSignatures(batch, requireRelease(batch.world, app, version), envelope, by);
}

/** @param more undefined: none are added */
export function addSignatures(batch: Batch, release: Release, more: string | undefined, by: string): Release {
  const { envelope } = withSignatures(release, more);
  if (envelope === undefined || envelope === release.envelope) return release;
  const signed: Release = { ...release, envelope };
  batch.putRelease(signed);
  const { app, version } = release;
  batch.event('release.signed', `${by} signed ${app} ${version} with key ${keysOf({ envelope: more })}`, {
    app,
    actor: by,
  });
  return signed;
}

/** Of whoever is said to have signed, for sentences; '' if nobody did. */
export const keysOf = ({ envelope }: { readonly envelope?: string | undefined }): string =>
  signersOf(envelope).map(shortKeyId).join(', ');

/** @throws CapstanError `refused` if there are too many, or what was signed is not the same */
export function withSignatures<Ref extends ReleaseRef>(ref: Ref, more: string | undefined): Ref {
  const known = ref.envelope === undefined ? '' : parseEnvelope(ref.envelope);
  if (more === undefined) return ref;
  const added = parseEnvelope(more);
  const joined = typeof known === 'string' || typeof added === 'string' ? added : joinEnvelopes(known, added);
  if (typeof joined !== 'string') return { ...ref, envelope: encodeEnvelope(joined) };
  throw new CapstanError('refused', `The signature of release ${ref.version} cannot be added: ${joined}.`);
}
