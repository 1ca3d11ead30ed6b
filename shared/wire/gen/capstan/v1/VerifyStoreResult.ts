// Original file: proto/capstan/v1/operator.proto

import type { Long } from '@grpc/proto-loader';

export interface VerifyStoreResult {
  'objects'?: (number | string | Long);
  'bytes'?: (number | string | Long);
  'releases'?: (number | string | Long);
  'problems'?: (number | string | Long);
}

export interface VerifyStoreResult__Output {
  'objects': (string);
  'bytes': (string);
  'releases': (string);
  'problems': (string);
}
