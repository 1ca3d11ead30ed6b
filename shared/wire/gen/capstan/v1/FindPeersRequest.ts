// Original file: proto/capstan/v1/agent.proto


export interface FindPeersRequest {
  'packs'?: (string)[];
  'corrupt'?: (string)[];
}

export interface FindPeersRequest__Output {
  'packs': (string)[];
  'corrupt': (string)[];
}
