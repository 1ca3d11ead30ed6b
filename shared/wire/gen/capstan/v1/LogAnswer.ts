// Original file: proto/capstan/v1/agent.proto


export interface LogAnswer {
  'id'?: (string);
  'text'?: (string);
}

export interface LogAnswer__Output {
  'id': (string);
  'text': (string);
}
