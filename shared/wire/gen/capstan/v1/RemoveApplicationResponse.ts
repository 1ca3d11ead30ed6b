// Original file: proto/capstan/v1/operator.proto


export interface RemoveApplicationResponse {
  'leaving'?: (string)[];
}

export interface RemoveApplicationResponse__Output {
  'leaving': (string)[];
}
