// Original file: proto/capstan/v1/operator.proto

import type { Long } from '@grpc/proto-loader';

export interface PlannedChange {
  'node'?: (string);
  'wave'?: (string);
  'beganMs'?: (number | string | Long);
  'phase'?: (string);
  'endedMs'?: (number | string | Long);
}

export interface PlannedChange__Output {
  'node': (string);
  'wave': (string);
  'beganMs': (string);
  'phase': (string);
  'endedMs': (string);
}
