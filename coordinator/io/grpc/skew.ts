import { protocolKey, requireNear } from '../../../shared/core/skew.js';
import type { IdentifiedCall, Identify } from './identity.js';

/**
 * Refuses callers whose version is too far from this one before anything else is looked at: what they say could mean
 * something else.
 * @param peer who calls there, as people know it
 */
export const nearEnough =
  (peer: string, identify: Identify): Identify =>
  (call) => {
    requireNearCall(call, peer);
    return identify(call);
  };

/** @throws CapstanError as `requireNear` */
export function requireNearCall({ metadata }: Pick<IdentifiedCall, 'metadata'>, peer: string): void {
  requireNear(metadata.get(protocolKey)[0]?.toString(), peer);
}
