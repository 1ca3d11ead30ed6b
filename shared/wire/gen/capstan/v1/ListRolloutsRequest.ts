// Original file: proto/capstan/v1/operator.proto


export interface ListRolloutsRequest {
  'app'?: (string);
  'env'?: (string);
  'activeOnly'?: (boolean);
  'limit'?: (number);
}

export interface ListRolloutsRequest__Output {
  'app': (string);
  'env': (string);
  'activeOnly': (boolean);
  'limit': (number);
}
