// Original file: proto/capstan/v1/operator.proto

import type { OperatorView as _capstan_v1_OperatorView, OperatorView__Output as _capstan_v1_OperatorView__Output } from '../../capstan/v1/OperatorView.js';

export interface ListOperatorsResponse {
  'operators'?: (_capstan_v1_OperatorView)[];
}

export interface ListOperatorsResponse__Output {
  'operators': (_capstan_v1_OperatorView__Output)[];
}
