// Original file: proto/capstan/v1/operator.proto

import type { Long } from '@grpc/proto-loader';

export interface PlannedWave {
  'name'?: (string);
  'status'?: (string);
  'reason'?: (string);
  'nodes'?: (number);
  'beganMs'?: (number | string | Long);
  'completeMs'?: (number | string | Long);
  'endedMs'?: (number | string | Long);
  '_beganMs'?: "beganMs";
  '_completeMs'?: "completeMs";
  '_endedMs'?: "endedMs";
}

export interface PlannedWave__Output {
  'name': (string);
  'status': (string);
  'reason': (string);
  'nodes': (number);
  'beganMs'?: (string);
  'completeMs'?: (string);
  'endedMs'?: (string);
  '_beganMs'?: "beganMs";
  '_completeMs'?: "completeMs";
  '_endedMs'?: "endedMs";
}
