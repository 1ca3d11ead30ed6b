// Original file: proto/capstan/v1/operator.proto

import type { Long } from '@grpc/proto-loader';

export interface CollectGarbageRequest {
  'graceMs'?: (number | string | Long);
  'dryRun'?: (boolean);
}

export interface CollectGarbageRequest__Output {
  'graceMs': (string);
  'dryRun': (boolean);
}
