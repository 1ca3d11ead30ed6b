// Original file: proto/capstan/v1/operator.proto


export interface ListReleasesRequest {
  'app'?: (string);
  'limit'?: (number);
}

export interface ListReleasesRequest__Output {
  'app': (string);
  'limit': (number);
}
