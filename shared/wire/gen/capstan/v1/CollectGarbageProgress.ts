// Original file: proto/capstan/v1/operator.proto

import type { CollectGarbageResult as _capstan_v1_CollectGarbageResult, CollectGarbageResult__Output as _capstan_v1_CollectGarbageResult__Output } from '../../capstan/v1/CollectGarbageResult.js';
import type { Long } from '@grpc/proto-loader';

export interface CollectGarbageProgress {
  'phase'?: (string);
  'done'?: (number | string | Long);
  'total'?: (number | string | Long);
  'result'?: (_capstan_v1_CollectGarbageResult | null);
}

export interface CollectGarbageProgress__Output {
  'phase': (string);
  'done': (string);
  'total': (string);
  'result': (_capstan_v1_CollectGarbageResult__Output | null);
}
