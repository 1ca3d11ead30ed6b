// Original file: proto/capstan/v1/operator.proto


export interface WhyRequest {
  'subject'?: (string);
}

export interface WhyRequest__Output {
  'subject': (string);
}
