// Original file: proto/capstan/v1/operator.proto


export interface ListNodesRequest {
  'selector'?: (string);
}

export interface ListNodesRequest__Output {
  'selector': (string);
}
