// Original file: proto/capstan/v1/operator.proto


export interface RestartRequest {
  'app'?: (string);
  'env'?: (string);
  'reason'?: (string);
  'idempotencyKey'?: (string);
}

export interface RestartRequest__Output {
  'app': (string);
  'env': (string);
  'reason': (string);
  'idempotencyKey': (string);
}
