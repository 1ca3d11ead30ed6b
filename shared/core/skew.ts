import { CapstanError } from '../model/errors.js';

/**
 * Which protocol is spoken between agents, coordinator and command line: one more with every minor version of Capstan.
 * What is added within one is left alone by those who do not know it.
 */
export const ownProtocol = 1;

/** The key of a call's metadata by which the caller says which it speaks. */
export const protocolKey = 'capstan-protocol';

/** How far apart two may be. */
const maxSkew = 1;

/**
 * May these two talk to each other?
 * @param said what the caller names; undefined: nothing, as the first version did
 * @param peer the caller, as people know it: `agent`
 * @throws CapstanError `refused` beyond one version, in either direction; `invalid` if it is no number
 */
export function requireNear(said: string | undefined, peer: string, own = ownProtocol): void {
  const protocol = said === undefined ? 1 : Number(said);
  if (!Number.isSafeInteger(protocol) || protocol < 1) {
    throw new CapstanError('invalid', `The metadata key ${protocolKey} must be a number from 1 on.`);
  }
  if (Math.abs(protocol - own) <= maxSkew) return;
  const [older, first] =
    protocol < own
      ? [peer, 'to a version next to that of the coordinator']
      : ['coordinator', 'first, one minor version after the other'];
  throw new CapstanError(
    'refused',
    `This ${peer} speaks protocol ${protocol} and the coordinator protocol ${own}: they understand each other one minor version apart.`,
    { hint: `Upgrade the ${older} ${first}.` },
  );
}
