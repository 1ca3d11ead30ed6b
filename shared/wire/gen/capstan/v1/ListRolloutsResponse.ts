// Original file: proto/capstan/v1/operator.proto

import type { RolloutView as _capstan_v1_RolloutView, RolloutView__Output as _capstan_v1_RolloutView__Output } from '../../capstan/v1/RolloutView.js';

export interface ListRolloutsResponse {
  'rollouts'?: (_capstan_v1_RolloutView)[];
}

export interface ListRolloutsResponse__Output {
  'rollouts': (_capstan_v1_RolloutView__Output)[];
}
