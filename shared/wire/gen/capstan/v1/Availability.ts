// Original file: proto/capstan/v1/operator.proto

import type { Long } from '@grpc/proto-loader';

export interface Availability {
  'atMs'?: (number | string | Long);
  'serving'?: (number);
}

export interface Availability__Output {
  'atMs': (string);
  'serving': (number);
}
