// Original file: proto/capstan/v1/operator.proto

import type { Long } from '@grpc/proto-loader';

export interface ObjectCount {
  'kind'?: (string);
  'objects'?: (number | string | Long);
  'bytes'?: (number | string | Long);
}

export interface ObjectCount__Output {
  'kind': (string);
  'objects': (string);
  'bytes': (string);
}
