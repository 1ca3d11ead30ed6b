// Original file: proto/capstan/v1/operator.proto

import type { Change as _capstan_v1_Change, Change__Output as _capstan_v1_Change__Output } from '../../capstan/v1/Change.js';

export interface ApplyResponse {
  'changes'?: (_capstan_v1_Change)[];
  'warnings'?: (string)[];
}

export interface ApplyResponse__Output {
  'changes': (_capstan_v1_Change__Output)[];
  'warnings': (string)[];
}
