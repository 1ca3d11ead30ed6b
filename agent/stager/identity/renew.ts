import { makeRequest } from '../../../shared/identity/request.js';
import { CapstanError } from '../../../shared/model/errors.js';
import { askForRenewal } from '../../../shared/wire/enrolment-client.js';
import type { RenewJob, RenewResult } from '../protocol.js';
import { readIdentity, type StoredIdentity, writeIdentity } from './identity-file.js';
import { certificateFor, makeKey, pemOf } from './new-key.js';

/**
 * Gets a new certificate for a new key, with the ones that this node has, and keeps both.
 * @throws CapstanError if no coordinator gives one; then the former ones stay
 */
export async function renewIdentity({ stateDir, coordinators }: RenewJob): Promise<RenewResult> {
  const known = readIdentity(stateDir);
  if (known === undefined) throw new CapstanError('refused', 'This node has not enrolled.');
  const key = makeKey();
  const { certificate, nowMs } = await firstAnswer(known, coordinators, makeRequest(known.name, key));
  await writeIdentity(stateDir, {
    ...known,
    key: pemOf(key),
    certificate: certificateFor(key, certificate).toString(),
    aheadMs: Date.now() - nowMs,
  });
  return { kind: 'result', job: 'renew' };
}

/** Each in turn; the last one's failure counts. */
async function firstAnswer(known: StoredIdentity, coordinators: readonly string[], request: Buffer) {
  let failure = new CapstanError('invalid', 'There is no coordinator to ask.');
  for (const address of coordinators) {
    try {
      return await askForRenewal(address, { ca: known.ca, own: known }, { request });
    } catch (error) {
      failure = CapstanError.from(error);
    }
  }
  throw failure;
}
