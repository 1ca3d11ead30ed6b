// Original file: proto/capstan/v1/operator.proto


export interface CaView {
  'pin'?: (string);
  'certificate'?: (string);
  'serverPin'?: (string);
  'installUrl'?: (string);
  'operatorAddress'?: (string);
}

export interface CaView__Output {
  'pin': (string);
  'certificate': (string);
  'serverPin': (string);
  'installUrl': (string);
  'operatorAddress': (string);
}
