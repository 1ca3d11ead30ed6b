// Original file: proto/capstan/v1/operator.proto


export interface NextRelease {
  'version'?: (string);
  'lacks'?: (string)[];
}

export interface NextRelease__Output {
  'version': (string);
  'lacks': (string)[];
}
