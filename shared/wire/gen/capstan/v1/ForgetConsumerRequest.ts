// Original file: proto/capstan/v1/operator.proto


export interface ForgetConsumerRequest {
  'name'?: (string);
}

export interface ForgetConsumerRequest__Output {
  'name': (string);
}
