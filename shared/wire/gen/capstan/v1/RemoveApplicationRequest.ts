// Original file: proto/capstan/v1/operator.proto


export interface RemoveApplicationRequest {
  'app'?: (string);
  'reason'?: (string);
  'stop'?: (boolean);
  'idempotencyKey'?: (string);
}

export interface RemoveApplicationRequest__Output {
  'app': (string);
  'reason': (string);
  'stop': (boolean);
  'idempotencyKey': (string);
}
