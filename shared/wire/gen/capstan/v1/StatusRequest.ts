// Original file: proto/capstan/v1/operator.proto


export interface StatusRequest {
  'app'?: (string);
}

export interface StatusRequest__Output {
  'app': (string);
}
