// Original file: proto/capstan/v1/operator.proto


export interface Change {
  'kind'?: (string);
  'name'?: (string);
  'action'?: (string);
  'details'?: (string)[];
}

export interface Change__Output {
  'kind': (string);
  'name': (string);
  'action': (string);
  'details': (string)[];
}
