// Original file: proto/capstan/v1/operator.proto


export interface BeginPublishRequest {
  'app'?: (string);
  'version'?: (string);
}

export interface BeginPublishRequest__Output {
  'app': (string);
  'version': (string);
}
