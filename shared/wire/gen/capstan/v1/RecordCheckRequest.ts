// Original file: proto/capstan/v1/operator.proto


export interface RecordCheckRequest {
  'app'?: (string);
  'version'?: (string);
  'name'?: (string);
  'passed'?: (boolean);
  'reason'?: (string);
  'idempotencyKey'?: (string);
}

export interface RecordCheckRequest__Output {
  'app': (string);
  'version': (string);
  'name': (string);
  'passed': (boolean);
  'reason': (string);
  'idempotencyKey': (string);
}
