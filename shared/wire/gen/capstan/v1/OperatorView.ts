// Original file: proto/capstan/v1/operator.proto


export interface OperatorView {
  'name'?: (string);
  'role'?: (string);
  'environments'?: (string)[];
  'state'?: (string);
  'createdBy'?: (string);
  'createdAt'?: (string);
  'expiresAt'?: (string);
  'revokedAt'?: (string);
  'usedAt'?: (string);
}

export interface OperatorView__Output {
  'name': (string);
  'role': (string);
  'environments': (string)[];
  'state': (string);
  'createdBy': (string);
  'createdAt': (string);
  'expiresAt': (string);
  'revokedAt': (string);
  'usedAt': (string);
}
