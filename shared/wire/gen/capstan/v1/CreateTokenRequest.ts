// Original file: proto/capstan/v1/operator.proto

import type { Long } from '@grpc/proto-loader';

export interface CreateTokenRequest {
  'hash'?: (string);
  'labels'?: ({[key: string]: string});
  'env'?: (string);
  'ttlMs'?: (number | string | Long);
  'uses'?: (number);
  'idempotencyKey'?: (string);
}

export interface CreateTokenRequest__Output {
  'hash': (string);
  'labels': ({[key: string]: string});
  'env': (string);
  'ttlMs': (string);
  'uses': (number);
  'idempotencyKey': (string);
}
