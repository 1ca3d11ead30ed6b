// Original file: proto/capstan/v1/types.proto


export interface ReleaseId {
  'version'?: (string);
  'digest'?: (string);
}

export interface ReleaseId__Output {
  'version': (string);
  'digest': (string);
}
