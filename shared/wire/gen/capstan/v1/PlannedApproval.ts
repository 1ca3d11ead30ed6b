// Original file: proto/capstan/v1/operator.proto

import type { Long } from '@grpc/proto-loader';

export interface PlannedApproval {
  'atMs'?: (number | string | Long);
  'what'?: (string);
}

export interface PlannedApproval__Output {
  'atMs': (string);
  'what': (string);
}
