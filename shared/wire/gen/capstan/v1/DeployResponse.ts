// Original file: proto/capstan/v1/operator.proto

import type { RolloutView as _capstan_v1_RolloutView, RolloutView__Output as _capstan_v1_RolloutView__Output } from '../../capstan/v1/RolloutView.js';

export interface DeployResponse {
  'rollout'?: (_capstan_v1_RolloutView | null);
  'superseded'?: (string);
  'note'?: (string);
}

export interface DeployResponse__Output {
  'rollout': (_capstan_v1_RolloutView__Output | null);
  'superseded': (string);
  'note': (string);
}
