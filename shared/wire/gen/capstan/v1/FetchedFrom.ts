// Original file: proto/capstan/v1/types.proto

import type { Long } from '@grpc/proto-loader';

export interface FetchedFrom {
  'source'?: (string);
  'bytes'?: (number | string | Long);
}

export interface FetchedFrom__Output {
  'source': (string);
  'bytes': (string);
}
