// Original file: proto/capstan/v1/operator.proto

import type { ReleaseRef as _capstan_v1_ReleaseRef, ReleaseRef__Output as _capstan_v1_ReleaseRef__Output } from '../../capstan/v1/ReleaseRef.js';

export interface RegisterReleaseRequest {
  'app'?: (string);
  'release'?: (_capstan_v1_ReleaseRef | null);
  'idempotencyKey'?: (string);
}

export interface RegisterReleaseRequest__Output {
  'app': (string);
  'release': (_capstan_v1_ReleaseRef__Output | null);
  'idempotencyKey': (string);
}
