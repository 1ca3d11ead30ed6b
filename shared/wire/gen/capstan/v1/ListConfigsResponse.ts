// Original file: proto/capstan/v1/operator.proto

import type { ConfigView as _capstan_v1_ConfigView, ConfigView__Output as _capstan_v1_ConfigView__Output } from '../../capstan/v1/ConfigView.js';

export interface ListConfigsResponse {
  'configs'?: (_capstan_v1_ConfigView)[];
}

export interface ListConfigsResponse__Output {
  'configs': (_capstan_v1_ConfigView__Output)[];
}
