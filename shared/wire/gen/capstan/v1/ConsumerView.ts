// Original file: proto/capstan/v1/operator.proto

import type { Long } from '@grpc/proto-loader';

export interface ConsumerView {
  'name'?: (string);
  'position'?: (number | string | Long);
  'newest'?: (number | string | Long);
  'createdAt'?: (string);
  'movedAt'?: (string);
}

export interface ConsumerView__Output {
  'name': (string);
  'position': (string);
  'newest': (string);
  'createdAt': (string);
  'movedAt': (string);
}
