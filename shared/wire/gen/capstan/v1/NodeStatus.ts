// Original file: proto/capstan/v1/types.proto

import type { AppStatus as _capstan_v1_AppStatus, AppStatus__Output as _capstan_v1_AppStatus__Output } from '../../capstan/v1/AppStatus.js';
import type { HostFacts as _capstan_v1_HostFacts, HostFacts__Output as _capstan_v1_HostFacts__Output } from '../../capstan/v1/HostFacts.js';

export interface NodeStatus {
  'apps'?: (_capstan_v1_AppStatus)[];
  'facts'?: (_capstan_v1_HostFacts | null);
  'agentVersion'?: (string);
  'allowUnsigned'?: (boolean);
  'trustedKeys'?: (string)[];
}

export interface NodeStatus__Output {
  'apps': (_capstan_v1_AppStatus__Output)[];
  'facts': (_capstan_v1_HostFacts__Output | null);
  'agentVersion': (string);
  'allowUnsigned': (boolean);
  'trustedKeys': (string)[];
}
