// Original file: proto/capstan/v1/agent.proto

import type { DesiredState as _capstan_v1_DesiredState, DesiredState__Output as _capstan_v1_DesiredState__Output } from '../../capstan/v1/DesiredState.js';
import type { LogRequest as _capstan_v1_LogRequest, LogRequest__Output as _capstan_v1_LogRequest__Output } from '../../capstan/v1/LogRequest.js';

export interface PollResponse {
  'desired'?: (_capstan_v1_DesiredState | null);
  'retryAfterMs'?: (number);
  'reportWanted'?: (boolean);
  'logs'?: (_capstan_v1_LogRequest)[];
}

export interface PollResponse__Output {
  'desired': (_capstan_v1_DesiredState__Output | null);
  'retryAfterMs': (number);
  'reportWanted': (boolean);
  'logs': (_capstan_v1_LogRequest__Output)[];
}
