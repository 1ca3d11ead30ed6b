// Original file: proto/capstan/v1/operator.proto


export interface ConfigView {
  'number'?: (number);
  'createdAt'?: (string);
  'createdBy'?: (string);
  'changes'?: (string)[];
  'proven'?: (boolean);
  'values'?: ({[key: string]: string});
}

export interface ConfigView__Output {
  'number': (number);
  'createdAt': (string);
  'createdBy': (string);
  'changes': (string)[];
  'proven': (boolean);
  'values': ({[key: string]: string});
}
