// Original file: proto/capstan/v1/operator.proto


export interface LockEnvironmentRequest {
  'app'?: (string);
  'env'?: (string);
  'kind'?: (string);
  'reason'?: (string);
  'until'?: (string);
  'idempotencyKey'?: (string);
}

export interface LockEnvironmentRequest__Output {
  'app': (string);
  'env': (string);
  'kind': (string);
  'reason': (string);
  'until': (string);
  'idempotencyKey': (string);
}
