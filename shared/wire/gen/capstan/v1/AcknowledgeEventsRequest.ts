// Original file: proto/capstan/v1/operator.proto

import type { Long } from '@grpc/proto-loader';

export interface AcknowledgeEventsRequest {
  'consumer'?: (string);
  'position'?: (number | string | Long);
}

export interface AcknowledgeEventsRequest__Output {
  'consumer': (string);
  'position': (string);
}
