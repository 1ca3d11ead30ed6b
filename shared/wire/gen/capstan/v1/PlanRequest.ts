// Original file: proto/capstan/v1/operator.proto

import type { Long } from '@grpc/proto-loader';

export interface PlanRequest {
  'app'?: (string);
  'version'?: (string);
  'env'?: (string);
  'fail'?: (string)[];
  'lose'?: (string)[];
  'slow'?: (number | string);
  'stepMs'?: (number | string | Long);
  'config'?: (number);
}

export interface PlanRequest__Output {
  'app': (string);
  'version': (string);
  'env': (string);
  'fail': (string)[];
  'lose': (string)[];
  'slow': (number);
  'stepMs': (string);
  'config': (number);
}
