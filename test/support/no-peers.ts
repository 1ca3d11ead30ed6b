import type { Peers } from '../../coordinator/ports/peers.js';

/** Where peers are not the matter of the test: nobody has anything. */
export const noPeers: Peers = {
  offers: () => undefined,
  find: () => ({ packs: [], askAgainMs: 1000 }),
  servingOf: () => undefined,
};
