// Original file: proto/capstan/v1/operator.proto

import type { HostFacts as _capstan_v1_HostFacts, HostFacts__Output as _capstan_v1_HostFacts__Output } from '../../capstan/v1/HostFacts.js';
import type { NodeAppView as _capstan_v1_NodeAppView, NodeAppView__Output as _capstan_v1_NodeAppView__Output } from '../../capstan/v1/NodeAppView.js';
import type { Serving as _capstan_v1_Serving, Serving__Output as _capstan_v1_Serving__Output } from '../../capstan/v1/Serving.js';

export interface NodeView {
  'name'?: (string);
  'labels'?: ({[key: string]: string});
  'liveness'?: (string);
  'agentVersion'?: (string);
  'facts'?: (_capstan_v1_HostFacts | null);
  'apps'?: (_capstan_v1_NodeAppView)[];
  'allowUnsigned'?: (boolean);
  'lastSeen'?: (string);
  'address'?: (string);
  'serving'?: (_capstan_v1_Serving | null);
  'factsAt'?: (string);
  'trustedKeys'?: (string)[];
}

export interface NodeView__Output {
  'name': (string);
  'labels': ({[key: string]: string});
  'liveness': (string);
  'agentVersion': (string);
  'facts': (_capstan_v1_HostFacts__Output | null);
  'apps': (_capstan_v1_NodeAppView__Output)[];
  'allowUnsigned': (boolean);
  'lastSeen': (string);
  'address': (string);
  'serving': (_capstan_v1_Serving__Output | null);
  'factsAt': (string);
  'trustedKeys': (string)[];
}
