// Original file: proto/capstan/v1/operator.proto


export interface GetConfigRequest {
  'app'?: (string);
  'env'?: (string);
  'number'?: (number);
}

export interface GetConfigRequest__Output {
  'app': (string);
  'env': (string);
  'number': (number);
}
