// Original file: proto/capstan/v1/operator.proto


export interface WindowView {
  'open'?: (boolean);
  'until'?: (string);
}

export interface WindowView__Output {
  'open': (boolean);
  'until': (string);
}
