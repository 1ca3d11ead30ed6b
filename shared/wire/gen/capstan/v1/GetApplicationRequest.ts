// Original file: proto/capstan/v1/operator.proto


export interface GetApplicationRequest {
  'app'?: (string);
}

export interface GetApplicationRequest__Output {
  'app': (string);
}
