// Original file: proto/capstan/v1/types.proto

import type { DriftedPath as _capstan_v1_DriftedPath, DriftedPath__Output as _capstan_v1_DriftedPath__Output } from '../../capstan/v1/DriftedPath.js';

export interface Drift {
  'total'?: (number);
  'paths'?: (_capstan_v1_DriftedPath)[];
}

export interface Drift__Output {
  'total': (number);
  'paths': (_capstan_v1_DriftedPath__Output)[];
}
