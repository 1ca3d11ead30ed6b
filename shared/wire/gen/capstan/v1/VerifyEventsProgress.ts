// Original file: proto/capstan/v1/operator.proto

import type { Long } from '@grpc/proto-loader';

export interface VerifyEventsProgress {
  'since'?: (number | string | Long);
  'position'?: (number | string | Long);
  'hash'?: (string);
  'brokenAt'?: (number | string | Long);
  'isEnd'?: (boolean);
  'expectedAt'?: (number | string | Long);
}

export interface VerifyEventsProgress__Output {
  'since': (string);
  'position': (string);
  'hash': (string);
  'brokenAt': (string);
  'isEnd': (boolean);
  'expectedAt': (string);
}
