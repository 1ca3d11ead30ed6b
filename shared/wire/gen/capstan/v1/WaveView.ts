// Original file: proto/capstan/v1/operator.proto

import type { RolloutNodeView as _capstan_v1_RolloutNodeView, RolloutNodeView__Output as _capstan_v1_RolloutNodeView__Output } from '../../capstan/v1/RolloutNodeView.js';

export interface WaveView {
  'name'?: (string);
  'status'?: (string);
  'nodes'?: (_capstan_v1_RolloutNodeView)[];
}

export interface WaveView__Output {
  'name': (string);
  'status': (string);
  'nodes': (_capstan_v1_RolloutNodeView__Output)[];
}
