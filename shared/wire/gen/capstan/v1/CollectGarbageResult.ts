// Original file: proto/capstan/v1/operator.proto

import type { ObjectCount as _capstan_v1_ObjectCount, ObjectCount__Output as _capstan_v1_ObjectCount__Output } from '../../capstan/v1/ObjectCount.js';
import type { Long } from '@grpc/proto-loader';

export interface CollectGarbageResult {
  'retired'?: (string)[];
  'removed'?: (_capstan_v1_ObjectCount)[];
  'kept'?: (_capstan_v1_ObjectCount)[];
  'young'?: (_capstan_v1_ObjectCount | null);
  'unfinished'?: (number | string | Long);
}

export interface CollectGarbageResult__Output {
  'retired': (string)[];
  'removed': (_capstan_v1_ObjectCount__Output)[];
  'kept': (_capstan_v1_ObjectCount__Output)[];
  'young': (_capstan_v1_ObjectCount__Output | null);
  'unfinished': (string);
}
