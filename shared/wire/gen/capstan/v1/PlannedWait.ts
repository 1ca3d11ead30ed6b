// Original file: proto/capstan/v1/operator.proto

import type { Long } from '@grpc/proto-loader';

export interface PlannedWait {
  'atMs'?: (number | string | Long);
  'untilMs'?: (number | string | Long);
  'what'?: (string);
  '_untilMs'?: "untilMs";
}

export interface PlannedWait__Output {
  'atMs': (string);
  'untilMs'?: (string);
  'what': (string);
  '_untilMs'?: "untilMs";
}
