// Original file: proto/capstan/v1/operator.proto


export interface LabelNodeRequest {
  'name'?: (string);
  'set'?: ({[key: string]: string});
  'remove'?: (string)[];
  'idempotencyKey'?: (string);
}

export interface LabelNodeRequest__Output {
  'name': (string);
  'set': ({[key: string]: string});
  'remove': (string)[];
  'idempotencyKey': (string);
}
