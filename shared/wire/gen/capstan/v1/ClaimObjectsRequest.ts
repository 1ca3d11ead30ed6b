// Original file: proto/capstan/v1/operator.proto


export interface ClaimObjectsRequest {
  'paths'?: (string)[];
}

export interface ClaimObjectsRequest__Output {
  'paths': (string)[];
}
