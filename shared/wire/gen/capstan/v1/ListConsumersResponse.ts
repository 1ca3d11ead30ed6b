// Original file: proto/capstan/v1/operator.proto

import type { ConsumerView as _capstan_v1_ConsumerView, ConsumerView__Output as _capstan_v1_ConsumerView__Output } from '../../capstan/v1/ConsumerView.js';

export interface ListConsumersResponse {
  'consumers'?: (_capstan_v1_ConsumerView)[];
}

export interface ListConsumersResponse__Output {
  'consumers': (_capstan_v1_ConsumerView__Output)[];
}
