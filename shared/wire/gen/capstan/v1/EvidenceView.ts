// Original file: proto/capstan/v1/operator.proto


export interface EvidenceView {
  'node'?: (string);
  'env'?: (string);
  'version'?: (string);
  'step'?: (string);
  'reason'?: (string);
  'rollout'?: (string);
  'at'?: (string);
  'config'?: (number);
}

export interface EvidenceView__Output {
  'node': (string);
  'env': (string);
  'version': (string);
  'step': (string);
  'reason': (string);
  'rollout': (string);
  'at': (string);
  'config': (number);
}
