// Original file: proto/capstan/v1/operator.proto


export interface TokenView {
  'id'?: (string);
  'labels'?: ({[key: string]: string});
  'env'?: (string);
  'createdBy'?: (string);
  'createdAt'?: (string);
  'expiresAt'?: (string);
  'uses'?: (number);
  'used'?: (number);
  'state'?: (string);
}

export interface TokenView__Output {
  'id': (string);
  'labels': ({[key: string]: string});
  'env': (string);
  'createdBy': (string);
  'createdAt': (string);
  'expiresAt': (string);
  'uses': (number);
  'used': (number);
  'state': (string);
}
