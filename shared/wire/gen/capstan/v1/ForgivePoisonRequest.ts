// Original file: proto/capstan/v1/operator.proto


export interface ForgivePoisonRequest {
  'digest'?: (string);
  'reason'?: (string);
  'idempotencyKey'?: (string);
}

export interface ForgivePoisonRequest__Output {
  'digest': (string);
  'reason': (string);
  'idempotencyKey': (string);
}
