// Original file: proto/capstan/v1/operator.proto


export interface RevokeTokenRequest {
  'id'?: (string);
  'idempotencyKey'?: (string);
}

export interface RevokeTokenRequest__Output {
  'id': (string);
  'idempotencyKey': (string);
}
