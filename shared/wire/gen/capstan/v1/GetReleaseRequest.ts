// Original file: proto/capstan/v1/operator.proto


export interface GetReleaseRequest {
  'app'?: (string);
  'version'?: (string);
}

export interface GetReleaseRequest__Output {
  'app': (string);
  'version': (string);
}
