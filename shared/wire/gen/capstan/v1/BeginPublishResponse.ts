// Original file: proto/capstan/v1/operator.proto


export interface BeginPublishResponse {
  'uploadUrl'?: (string);
  'ticket'?: (string);
  'existingDigest'?: (string);
}

export interface BeginPublishResponse__Output {
  'uploadUrl': (string);
  'ticket': (string);
  'existingDigest': (string);
}
