// Original file: proto/capstan/v1/types.proto


export interface StepFailure {
  'step'?: (string);
  'reason'?: (string);
  'logTail'?: (string);
}

export interface StepFailure__Output {
  'step': (string);
  'reason': (string);
  'logTail': (string);
}
