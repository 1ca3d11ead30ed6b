// Original file: proto/capstan/v1/operator.proto

import type { PoisonView as _capstan_v1_PoisonView, PoisonView__Output as _capstan_v1_PoisonView__Output } from '../../capstan/v1/PoisonView.js';

export interface ListPoisonResponse {
  'poison'?: (_capstan_v1_PoisonView)[];
}

export interface ListPoisonResponse__Output {
  'poison': (_capstan_v1_PoisonView__Output)[];
}
