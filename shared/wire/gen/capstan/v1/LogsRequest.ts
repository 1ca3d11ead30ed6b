// Original file: proto/capstan/v1/operator.proto


export interface LogsRequest {
  'node'?: (string);
  'app'?: (string);
  'maxBytes'?: (number);
}

export interface LogsRequest__Output {
  'node': (string);
  'app': (string);
  'maxBytes': (number);
}
