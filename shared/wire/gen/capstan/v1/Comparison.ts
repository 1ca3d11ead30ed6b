// Original file: proto/capstan/v1/operator.proto

import type { Cohort as _capstan_v1_Cohort, Cohort__Output as _capstan_v1_Cohort__Output } from '../../capstan/v1/Cohort.js';

export interface Comparison {
  'having'?: (_capstan_v1_Cohort | null);
  'lacking'?: (_capstan_v1_Cohort | null);
  'differences'?: (string)[];
}

export interface Comparison__Output {
  'having': (_capstan_v1_Cohort__Output | null);
  'lacking': (_capstan_v1_Cohort__Output | null);
  'differences': (string)[];
}
