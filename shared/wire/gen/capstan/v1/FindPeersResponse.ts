// Original file: proto/capstan/v1/agent.proto

import type { PackPeers as _capstan_v1_PackPeers, PackPeers__Output as _capstan_v1_PackPeers__Output } from '../../capstan/v1/PackPeers.js';

export interface FindPeersResponse {
  'packs'?: (_capstan_v1_PackPeers)[];
  'askAgainMs'?: (number);
}

export interface FindPeersResponse__Output {
  'packs': (_capstan_v1_PackPeers__Output)[];
  'askAgainMs': (number);
}
