// Original file: proto/capstan/v1/types.proto

import type { Long } from '@grpc/proto-loader';

export interface ActivationPolicy {
  'drain'?: (boolean);
  'restart'?: (boolean);
  'minHealthyTimeMs'?: (number | string | Long);
  'healthDeadlineMs'?: (number | string | Long);
}

export interface ActivationPolicy__Output {
  'drain': (boolean);
  'restart': (boolean);
  'minHealthyTimeMs': (string);
  'healthDeadlineMs': (string);
}
