// Original file: proto/capstan/v1/operator.proto


export interface StoreProblem {
  'object'?: (string);
  'problem'?: (string);
  'releases'?: (string)[];
}

export interface StoreProblem__Output {
  'object': (string);
  'problem': (string);
  'releases': (string)[];
}
