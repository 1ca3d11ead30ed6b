// Original file: proto/capstan/v1/operator.proto

import type { Health as _capstan_v1_Health, Health__Output as _capstan_v1_Health__Output } from '../../capstan/v1/Health.js';
import type { Long } from '@grpc/proto-loader';

export interface RolloutNodeView {
  'name'?: (string);
  'phase'?: (string);
  'health'?: (_capstan_v1_Health);
  'reason'?: (string);
  'logTail'?: (string);
  'step'?: (string);
  'bytesDone'?: (number | string | Long);
  'bytesTotal'?: (number | string | Long);
  'pastReturn'?: (boolean);
}

export interface RolloutNodeView__Output {
  'name': (string);
  'phase': (string);
  'health': (_capstan_v1_Health__Output);
  'reason': (string);
  'logTail': (string);
  'step': (string);
  'bytesDone': (string);
  'bytesTotal': (string);
  'pastReturn': (boolean);
}
