// Original file: proto/capstan/v1/agent.proto


export interface Peer {
  'node'?: (string);
  'url'?: (string);
}

export interface Peer__Output {
  'node': (string);
  'url': (string);
}
