// Original file: proto/capstan/v1/types.proto


export interface Serving {
  'url'?: (string);
  'slots'?: (number);
  'packs'?: (string)[];
}

export interface Serving__Output {
  'url': (string);
  'slots': (number);
  'packs': (string)[];
}
