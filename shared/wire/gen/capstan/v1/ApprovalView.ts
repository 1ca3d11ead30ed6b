// Original file: proto/capstan/v1/operator.proto


export interface ApprovalView {
  'by'?: (string);
  'at'?: (string);
  'reason'?: (string);
}

export interface ApprovalView__Output {
  'by': (string);
  'at': (string);
  'reason': (string);
}
