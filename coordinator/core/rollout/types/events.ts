import type { NodeName } from '../../../../shared/model/ids.js';
import type { Liveness } from '../../../../shared/model/liveness.js';
import type { AppStatus } from '../../../../shared/model/node-status.js';
import type { Closure, PlanNode } from './plan.js';

export type OperatorAction =
  | 'pause'
  | 'resume'
  | 'approve'
  | 'abort'
  | 'retry'
  | 'excuse'
  | 'supersede'
  | 'switch'
  | 'switchBack'
  | 'release';

export type RolloutEvent =
  | { readonly kind: 'nodeReported'; readonly node: NodeName; readonly status: AppStatus }
  | { readonly kind: 'nodeLiveness'; readonly node: NodeName; readonly liveness: Liveness }
  | { readonly kind: 'nodeJoined'; readonly node: PlanNode }
  | { readonly kind: 'nodeDecommissioned'; readonly node: NodeName }
  /** The coordinator suspects itself (a large share of the fleet went silent at once), or no longer does. */
  | { readonly kind: 'freeze'; readonly frozen: boolean }
  /** The environment has closed, or opened. */
  | { readonly kind: 'closure'; readonly closure: Closure | undefined }
  | { readonly kind: 'tick' }
  | {
      readonly kind: 'operator';
      readonly action: OperatorAction;
      /** For `retry` (undefined or empty: every node that failed or was lost) and `excuse`. */
      readonly nodes?: readonly NodeName[];
      readonly by: string;
      readonly reason: string;
    };
