// Original file: proto/capstan/v1/operator.proto


export interface ClaimObjectsRequest {
  'paths'?: (string)[];
  'app'?: (string);
  'version'?: (string);
}

export interface ClaimObjectsRequest__Output {
  'paths': (string)[];
  'app': (string);
  'version': (string);
}
