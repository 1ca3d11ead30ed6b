// Original file: proto/capstan/v1/agent.proto


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
