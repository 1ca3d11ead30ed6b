// Original file: proto/capstan/v1/types.proto


export interface AssetFolder {
  'dir'?: (string);
  'digest'?: (string);
}

export interface AssetFolder__Output {
  'dir': (string);
  'digest': (string);
}
