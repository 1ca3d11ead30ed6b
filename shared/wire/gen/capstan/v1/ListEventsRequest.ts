// Original file: proto/capstan/v1/operator.proto

import type { Long } from '@grpc/proto-loader';

export interface ListEventsRequest {
  'afterPosition'?: (number | string | Long);
  'since'?: (string);
  'follow'?: (boolean);
  'limit'?: (number);
  'app'?: (string);
  'consumer'?: (string);
}

export interface ListEventsRequest__Output {
  'afterPosition': (string);
  'since': (string);
  'follow': (boolean);
  'limit': (number);
  'app': (string);
  'consumer': (string);
}
