// Original file: proto/capstan/v1/operator.proto


export interface RevokeOperatorRequest {
  'name'?: (string);
  'idempotencyKey'?: (string);
}

export interface RevokeOperatorRequest__Output {
  'name': (string);
  'idempotencyKey': (string);
}
