// Original file: proto/capstan/v1/types.proto

import type { Pressure as _capstan_v1_Pressure, Pressure__Output as _capstan_v1_Pressure__Output } from '../../capstan/v1/Pressure.js';
import type { Long } from '@grpc/proto-loader';

export interface HostFacts {
  'os'?: (string);
  'kernel'?: (string);
  'arch'?: (string);
  'hostname'?: (string);
  'cpus'?: (number);
  'memoryTotal'?: (number | string | Long);
  'memoryAvailable'?: (number | string | Long);
  'diskTotal'?: (number | string | Long);
  'diskFree'?: (number | string | Long);
  'load1'?: (number | string);
  'uptimeSeconds'?: (number | string | Long);
  'nodeVersion'?: (string);
  'pressure'?: (_capstan_v1_Pressure | null);
}

export interface HostFacts__Output {
  'os': (string);
  'kernel': (string);
  'arch': (string);
  'hostname': (string);
  'cpus': (number);
  'memoryTotal': (string);
  'memoryAvailable': (string);
  'diskTotal': (string);
  'diskFree': (string);
  'load1': (number);
  'uptimeSeconds': (string);
  'nodeVersion': (string);
  'pressure': (_capstan_v1_Pressure__Output | null);
}
