import { admit, type Identity } from '../../core/enrolment/identities.js';
import { unknownToken } from '../../core/enrolment/tokens.js';
import type { EnrolCommand } from '../../ports/enrolment.js';
import type { Batch } from '../batch.js';
import { requirePlace } from './placement.js';

/**
 * A server becomes a node, or hears again that it has.
 * @throws CapstanError `refused` for its token, `conflict` for its name
 */
export function enrol(batch: Batch, command: EnrolCommand): Identity {
  const { node, keyDigest, tokenHash, id, address } = command;
  const { world, now } = batch;
  const token = world.tokens.get(tokenHash);
  if (token === undefined) throw unknownToken();
  const known = world.identities.get(node);
  if (admit(command, token, known, now) === 'again' && known !== undefined) return known;
  requirePlace(world, token);
  const identity: Identity = { node, id, labels: token.labels, token: tokenHash, keyDigest, enrolledAt: now };
  batch.putToken({ ...token, used: token.used + 1 });
  batch.putIdentity(identity);
  batch.event('node.enrolled', `${node} enrolled from ${address} with a token of ${token.createdBy}`, {
    node,
    actor: node,
  });
  return identity;
}
