// Original file: proto/capstan/v1/types.proto

import type { Intent as _capstan_v1_Intent, Intent__Output as _capstan_v1_Intent__Output } from '../../capstan/v1/Intent.js';
import type { ReleaseRef as _capstan_v1_ReleaseRef, ReleaseRef__Output as _capstan_v1_ReleaseRef__Output } from '../../capstan/v1/ReleaseRef.js';
import type { ActivationPolicy as _capstan_v1_ActivationPolicy, ActivationPolicy__Output as _capstan_v1_ActivationPolicy__Output } from '../../capstan/v1/ActivationPolicy.js';
import type { Long } from '@grpc/proto-loader';

export interface Assignment {
  'app'?: (string);
  'env'?: (string);
  'generation'?: (number | string | Long);
  'intent'?: (_capstan_v1_Intent);
  'release'?: (_capstan_v1_ReleaseRef | null);
  'config'?: ({[key: string]: string});
  'configRevision'?: (string);
  'activation'?: (_capstan_v1_ActivationPolicy | null);
  'rollout'?: (string);
  'stores'?: (string)[];
  'fetchBytesPerSecond'?: (number | string | Long);
  'database'?: (boolean);
  'standby'?: (boolean);
}

export interface Assignment__Output {
  'app': (string);
  'env': (string);
  'generation': (string);
  'intent': (_capstan_v1_Intent__Output);
  'release': (_capstan_v1_ReleaseRef__Output | null);
  'config': ({[key: string]: string});
  'configRevision': (string);
  'activation': (_capstan_v1_ActivationPolicy__Output | null);
  'rollout': (string);
  'stores': (string)[];
  'fetchBytesPerSecond': (string);
  'database': (boolean);
  'standby': (boolean);
}
