import type { NodeName } from '../../../shared/model/ids.js';
import { emptyHashMap } from '../collections/hash-map.js';
import { closeDraft, emptyIndex, openDraft, put } from './draft.js';
import type { RolloutNode } from './types/node.js';
import type { RolloutHeader, RolloutState } from './types/rollout.js';

/** The state as it was, from what was stored of it: everything else is derived anew. */
export function loadRollout(header: RolloutHeader, nodes: Iterable<RolloutNode>): RolloutState {
  const index = emptyIndex(header.waves.length);
  const draft = openDraft({ header, nodes: emptyHashMap<NodeName, RolloutNode>(), index }, header.since, 0);
  for (const node of nodes) put(draft, node);
  return closeDraft(draft).state;
}
