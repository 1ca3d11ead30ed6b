// Original file: proto/capstan/v1/types.proto


export interface DriftedPath {
  'path'?: (string);
  'kind'?: (string);
}

export interface DriftedPath__Output {
  'path': (string);
  'kind': (string);
}
