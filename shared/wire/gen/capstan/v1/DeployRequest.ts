// Original file: proto/capstan/v1/operator.proto


export interface DeployRequest {
  'app'?: (string);
  'version'?: (string);
  'env'?: (string);
  'reason'?: (string);
  'allowEmpty'?: (boolean);
  'idempotencyKey'?: (string);
  'config'?: (number);
}

export interface DeployRequest__Output {
  'app': (string);
  'version': (string);
  'env': (string);
  'reason': (string);
  'allowEmpty': (boolean);
  'idempotencyKey': (string);
  'config': (number);
}
