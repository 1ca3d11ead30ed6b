// Original file: proto/capstan/v1/operator.proto

import type { Long } from '@grpc/proto-loader';

export interface CreateOperatorRequest {
  'hash'?: (string);
  'name'?: (string);
  'role'?: (string);
  'environments'?: (string)[];
  'ttlMs'?: (number | string | Long);
  'idempotencyKey'?: (string);
}

export interface CreateOperatorRequest__Output {
  'hash': (string);
  'name': (string);
  'role': (string);
  'environments': (string)[];
  'ttlMs': (string);
  'idempotencyKey': (string);
}
