// Original file: proto/capstan/v1/operator.proto


export interface WhyResponse {
  'kind'?: (string);
  'answer'?: (string);
  'details'?: (string)[];
  'since'?: (string);
  'hint'?: (string);
  'logTail'?: (string);
}

export interface WhyResponse__Output {
  'kind': (string);
  'answer': (string);
  'details': (string)[];
  'since': (string);
  'hint': (string);
  'logTail': (string);
}
