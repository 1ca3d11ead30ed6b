// Original file: proto/capstan/v1/operator.proto

import type { Pressure as _capstan_v1_Pressure, Pressure__Output as _capstan_v1_Pressure__Output } from '../../capstan/v1/Pressure.js';

export interface Cohort {
  'nodes'?: (number);
  'healthy'?: (number);
  'unhealthy'?: (number);
  'away'?: (number);
  'restarts'?: (number);
  'restartRate'?: (number | string);
  'pressure'?: (_capstan_v1_Pressure | null);
}

export interface Cohort__Output {
  'nodes': (number);
  'healthy': (number);
  'unhealthy': (number);
  'away': (number);
  'restarts': (number);
  'restartRate': (number);
  'pressure': (_capstan_v1_Pressure__Output | null);
}
