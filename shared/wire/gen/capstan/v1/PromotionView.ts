// Original file: proto/capstan/v1/operator.proto

import type { Long } from '@grpc/proto-loader';

export interface PromotionView {
  'from'?: (string);
  'bakeMs'?: (number | string | Long);
  'checks'?: (string)[];
  'approvals'?: (number);
  'fourEyes'?: (boolean);
}

export interface PromotionView__Output {
  'from': (string);
  'bakeMs': (string);
  'checks': (string)[];
  'approvals': (number);
  'fourEyes': (boolean);
}
