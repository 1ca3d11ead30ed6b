// Original file: proto/capstan/v1/agent.proto


export interface LogRequest {
  'id'?: (string);
  'app'?: (string);
  'maxBytes'?: (number);
}

export interface LogRequest__Output {
  'id': (string);
  'app': (string);
  'maxBytes': (number);
}
