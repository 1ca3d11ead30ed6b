// Original file: proto/capstan/v1/operator.proto


export interface NodeNames {
  'nodes'?: (string)[];
}

export interface NodeNames__Output {
  'nodes': (string)[];
}
