// Original file: proto/capstan/v1/operator.proto


export interface VerifyEventsRequest {
  'expect'?: (string);
}

export interface VerifyEventsRequest__Output {
  'expect': (string);
}
