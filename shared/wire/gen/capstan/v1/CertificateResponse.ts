// Original file: proto/capstan/v1/agent.proto

import type { Long } from '@grpc/proto-loader';

export interface CertificateResponse {
  'certificate'?: (Buffer | Uint8Array | string);
  'agentPort'?: (number);
  'nowMs'?: (number | string | Long);
}

export interface CertificateResponse__Output {
  'certificate': (Buffer);
  'agentPort': (number);
  'nowMs': (string);
}
