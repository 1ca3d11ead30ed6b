// Original file: proto/capstan/v1/agent.proto

import type { Peer as _capstan_v1_Peer, Peer__Output as _capstan_v1_Peer__Output } from '../../capstan/v1/Peer.js';

export interface PackPeers {
  'pack'?: (string);
  'peers'?: (_capstan_v1_Peer)[];
  'seedRank'?: (number);
  'seedOf'?: (number);
}

export interface PackPeers__Output {
  'pack': (string);
  'peers': (_capstan_v1_Peer__Output)[];
  'seedRank': (number);
  'seedOf': (number);
}
