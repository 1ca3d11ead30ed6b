// Original file: proto/capstan/v1/operator.proto

import type { NodeView as _capstan_v1_NodeView, NodeView__Output as _capstan_v1_NodeView__Output } from '../../capstan/v1/NodeView.js';

export interface ListNodesResponse {
  'nodes'?: (_capstan_v1_NodeView)[];
}

export interface ListNodesResponse__Output {
  'nodes': (_capstan_v1_NodeView__Output)[];
}
