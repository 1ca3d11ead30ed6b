// Original file: proto/capstan/v1/operator.proto

import type { Long } from '@grpc/proto-loader';

export interface Event {
  'position'?: (number | string | Long);
  'time'?: (string);
  'kind'?: (string);
  'actor'?: (string);
  'app'?: (string);
  'env'?: (string);
  'node'?: (string);
  'rollout'?: (string);
  'message'?: (string);
  'reason'?: (string);
}

export interface Event__Output {
  'position': (string);
  'time': (string);
  'kind': (string);
  'actor': (string);
  'app': (string);
  'env': (string);
  'node': (string);
  'rollout': (string);
  'message': (string);
  'reason': (string);
}
