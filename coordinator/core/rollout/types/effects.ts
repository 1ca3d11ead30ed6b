import type { Generation, NodeName, RolloutId } from '../../../../shared/model/ids.js';
import type { RolloutState } from './rollout.js';

export type FinalStatus = 'succeeded' | 'failed' | 'rolledBack' | 'aborted' | 'superseded';

export type Effect =
  | {
      readonly kind: 'assign';
      readonly node: NodeName;
      readonly generation: Generation;
      readonly intent: 'stage' | 'activate';
      readonly target: 'to' | 'from';
      readonly drain: boolean;
      readonly restart: boolean;
      /** Its share of the fleet's bandwidth; 0: no limit. */
      readonly fetchBytesPerSecond: number;
      readonly rollout: RolloutId;
      /** It runs the release's database step first. */
      readonly database: boolean;
      /** It takes no requests with it. */
      readonly standby: boolean;
    }
  /** The node keeps what it runs, and takes requests or none. */
  | {
      readonly kind: 'traffic';
      readonly node: NodeName;
      readonly generation: Generation;
      readonly standby: boolean;
      readonly rollout: RolloutId;
    }
  /** From now on this group takes the requests: a value of the label that tells them apart. */
  | { readonly kind: 'switched'; readonly slot: string }
  /** For the log of events: `event` is a stable name (`wave.started`), `message` a sentence. */
  | {
      readonly kind: 'record';
      readonly event: string;
      readonly message: string;
      readonly node?: NodeName;
      /** Who did it; absent: the engine. */
      readonly actor?: string;
      /** Why, in that person's words. */
      readonly reason?: string;
    }
  /** The rollout has ended. With `proven`, `to` becomes the environment's last proven target. */
  | {
      readonly kind: 'finish';
      readonly status: FinalStatus;
      readonly reason: string;
      readonly proven: boolean;
    };

export interface Decision {
  readonly state: RolloutState;
  readonly effects: readonly Effect[];
  /** Nodes whose row changed; one that is no longer in `state.nodes` was decommissioned: delete its row. */
  readonly changedNodes: readonly NodeName[];
  /** The next free generation. */
  readonly nextGeneration: Generation;
  /** An operator's action that makes no sense now: nothing was changed. A sentence that says why. */
  readonly refusal: { readonly code: 'refused' | 'notFound'; readonly message: string } | undefined;
}
