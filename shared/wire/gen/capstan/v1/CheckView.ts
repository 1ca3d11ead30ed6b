// Original file: proto/capstan/v1/operator.proto


export interface CheckView {
  'name'?: (string);
  'passed'?: (boolean);
  'by'?: (string);
  'at'?: (string);
  'reason'?: (string);
}

export interface CheckView__Output {
  'name': (string);
  'passed': (boolean);
  'by': (string);
  'at': (string);
  'reason': (string);
}
