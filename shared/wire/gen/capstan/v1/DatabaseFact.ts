// Original file: proto/capstan/v1/types.proto

import type { Long } from '@grpc/proto-loader';

export interface DatabaseFact {
  'reversible'?: (boolean);
  'timeoutMs'?: (number | string | Long);
}

export interface DatabaseFact__Output {
  'reversible': (boolean);
  'timeoutMs': (string);
}
