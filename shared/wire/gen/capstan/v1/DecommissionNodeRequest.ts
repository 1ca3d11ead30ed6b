// Original file: proto/capstan/v1/operator.proto


export interface DecommissionNodeRequest {
  'name'?: (string);
  'reason'?: (string);
  'idempotencyKey'?: (string);
}

export interface DecommissionNodeRequest__Output {
  'name': (string);
  'reason': (string);
  'idempotencyKey': (string);
}
