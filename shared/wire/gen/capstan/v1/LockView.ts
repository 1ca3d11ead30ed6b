// Original file: proto/capstan/v1/operator.proto


export interface LockView {
  'scope'?: (string);
  'kind'?: (string);
  'owner'?: (string);
  'reason'?: (string);
  'since'?: (string);
  'until'?: (string);
}

export interface LockView__Output {
  'scope': (string);
  'kind': (string);
  'owner': (string);
  'reason': (string);
  'since': (string);
  'until': (string);
}
