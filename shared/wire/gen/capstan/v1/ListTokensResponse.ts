// Original file: proto/capstan/v1/operator.proto

import type { TokenView as _capstan_v1_TokenView, TokenView__Output as _capstan_v1_TokenView__Output } from '../../capstan/v1/TokenView.js';

export interface ListTokensResponse {
  'tokens'?: (_capstan_v1_TokenView)[];
}

export interface ListTokensResponse__Output {
  'tokens': (_capstan_v1_TokenView__Output)[];
}
