// Original file: proto/capstan/v1/agent.proto

import type { Long } from '@grpc/proto-loader';

export interface ReportResponse {
  'acknowledged'?: (number | string | Long);
}

export interface ReportResponse__Output {
  'acknowledged': (string);
}
