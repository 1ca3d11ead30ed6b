// Original file: proto/capstan/v1/operator.proto


export interface GateRequest {
  'app'?: (string);
  'version'?: (string);
  'env'?: (string);
  'reason'?: (string);
  'idempotencyKey'?: (string);
}

export interface GateRequest__Output {
  'app': (string);
  'version': (string);
  'env': (string);
  'reason': (string);
  'idempotencyKey': (string);
}
