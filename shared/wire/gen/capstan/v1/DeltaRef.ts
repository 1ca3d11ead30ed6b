// Original file: proto/capstan/v1/types.proto

import type { Long } from '@grpc/proto-loader';

export interface DeltaRef {
  'from'?: (string);
  'digest'?: (string);
  'size'?: (number | string | Long);
  'rawSize'?: (number | string | Long);
  'patchDigest'?: (string);
  'patchSize'?: (number | string | Long);
}

export interface DeltaRef__Output {
  'from': (string);
  'digest': (string);
  'size': (string);
  'rawSize': (string);
  'patchDigest': (string);
  'patchSize': (string);
}
