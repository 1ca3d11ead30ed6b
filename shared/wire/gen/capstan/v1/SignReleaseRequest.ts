// Original file: proto/capstan/v1/operator.proto


export interface SignReleaseRequest {
  'app'?: (string);
  'version'?: (string);
  'envelope'?: (string);
  'idempotencyKey'?: (string);
}

export interface SignReleaseRequest__Output {
  'app': (string);
  'version': (string);
  'envelope': (string);
  'idempotencyKey': (string);
}
