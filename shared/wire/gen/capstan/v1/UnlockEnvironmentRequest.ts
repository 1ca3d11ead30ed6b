// Original file: proto/capstan/v1/operator.proto


export interface UnlockEnvironmentRequest {
  'app'?: (string);
  'env'?: (string);
  'kind'?: (string);
  'reason'?: (string);
  'force'?: (boolean);
  'idempotencyKey'?: (string);
}

export interface UnlockEnvironmentRequest__Output {
  'app': (string);
  'env': (string);
  'kind': (string);
  'reason': (string);
  'force': (boolean);
  'idempotencyKey': (string);
}
