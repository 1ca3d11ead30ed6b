// Original file: proto/capstan/v1/operator.proto


export interface LogsResponse {
  'text'?: (string);
}

export interface LogsResponse__Output {
  'text': (string);
}
