// Original file: proto/capstan/v1/agent.proto


export interface EnrolRequest {
  'token'?: (string);
  'name'?: (string);
  'request'?: (Buffer | Uint8Array | string);
}

export interface EnrolRequest__Output {
  'token': (string);
  'name': (string);
  'request': (Buffer);
}
