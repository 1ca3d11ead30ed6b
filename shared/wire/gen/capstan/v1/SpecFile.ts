// Original file: proto/capstan/v1/operator.proto


export interface SpecFile {
  'name'?: (string);
  'text'?: (string);
}

export interface SpecFile__Output {
  'name': (string);
  'text': (string);
}
