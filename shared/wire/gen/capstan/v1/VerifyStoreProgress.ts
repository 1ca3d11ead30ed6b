// Original file: proto/capstan/v1/operator.proto

import type { StoreProblem as _capstan_v1_StoreProblem, StoreProblem__Output as _capstan_v1_StoreProblem__Output } from '../../capstan/v1/StoreProblem.js';
import type { VerifyStoreResult as _capstan_v1_VerifyStoreResult, VerifyStoreResult__Output as _capstan_v1_VerifyStoreResult__Output } from '../../capstan/v1/VerifyStoreResult.js';
import type { Long } from '@grpc/proto-loader';

export interface VerifyStoreProgress {
  'phase'?: (string);
  'done'?: (number | string | Long);
  'total'?: (number | string | Long);
  'problems'?: (_capstan_v1_StoreProblem)[];
  'result'?: (_capstan_v1_VerifyStoreResult | null);
}

export interface VerifyStoreProgress__Output {
  'phase': (string);
  'done': (string);
  'total': (string);
  'problems': (_capstan_v1_StoreProblem__Output)[];
  'result': (_capstan_v1_VerifyStoreResult__Output | null);
}
