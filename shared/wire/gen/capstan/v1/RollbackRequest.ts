// Original file: proto/capstan/v1/operator.proto


export interface RollbackRequest {
  'app'?: (string);
  'env'?: (string);
  'version'?: (string);
  'reason'?: (string);
  'idempotencyKey'?: (string);
}

export interface RollbackRequest__Output {
  'app': (string);
  'env': (string);
  'version': (string);
  'reason': (string);
  'idempotencyKey': (string);
}
