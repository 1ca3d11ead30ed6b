// Original file: proto/capstan/v1/operator.proto

import type { EnvironmentStatus as _capstan_v1_EnvironmentStatus, EnvironmentStatus__Output as _capstan_v1_EnvironmentStatus__Output } from '../../capstan/v1/EnvironmentStatus.js';

export interface StatusResponse {
  'environments'?: (_capstan_v1_EnvironmentStatus)[];
}

export interface StatusResponse__Output {
  'environments': (_capstan_v1_EnvironmentStatus__Output)[];
}
