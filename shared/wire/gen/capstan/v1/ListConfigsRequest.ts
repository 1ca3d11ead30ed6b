// Original file: proto/capstan/v1/operator.proto


export interface ListConfigsRequest {
  'app'?: (string);
  'env'?: (string);
}

export interface ListConfigsRequest__Output {
  'app': (string);
  'env': (string);
}
