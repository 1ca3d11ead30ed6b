// Original file: proto/capstan/v1/operator.proto

import type { ReleaseView as _capstan_v1_ReleaseView, ReleaseView__Output as _capstan_v1_ReleaseView__Output } from '../../capstan/v1/ReleaseView.js';

export interface PromotionResponse {
  'release'?: (_capstan_v1_ReleaseView | null);
  'note'?: (string);
  'rollout'?: (string);
}

export interface PromotionResponse__Output {
  'release': (_capstan_v1_ReleaseView__Output | null);
  'note': (string);
  'rollout': (string);
}
