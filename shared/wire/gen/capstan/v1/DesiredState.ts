// Original file: proto/capstan/v1/types.proto

import type { Assignment as _capstan_v1_Assignment, Assignment__Output as _capstan_v1_Assignment__Output } from '../../capstan/v1/Assignment.js';
import type { Long } from '@grpc/proto-loader';

export interface DesiredState {
  'revision'?: (number | string | Long);
  'assignments'?: (_capstan_v1_Assignment)[];
  'stores'?: (string)[];
  'epoch'?: (number | string | Long);
  'restoreId'?: (string);
}

export interface DesiredState__Output {
  'revision': (string);
  'assignments': (_capstan_v1_Assignment__Output)[];
  'stores': (string)[];
  'epoch': (string);
  'restoreId': (string);
}
