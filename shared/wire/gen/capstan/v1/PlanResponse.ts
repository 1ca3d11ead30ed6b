// Original file: proto/capstan/v1/operator.proto

import type { PlannedWave as _capstan_v1_PlannedWave, PlannedWave__Output as _capstan_v1_PlannedWave__Output } from '../../capstan/v1/PlannedWave.js';
import type { PlannedChange as _capstan_v1_PlannedChange, PlannedChange__Output as _capstan_v1_PlannedChange__Output } from '../../capstan/v1/PlannedChange.js';
import type { Availability as _capstan_v1_Availability, Availability__Output as _capstan_v1_Availability__Output } from '../../capstan/v1/Availability.js';
import type { PlannedApproval as _capstan_v1_PlannedApproval, PlannedApproval__Output as _capstan_v1_PlannedApproval__Output } from '../../capstan/v1/PlannedApproval.js';
import type { PlannedWait as _capstan_v1_PlannedWait, PlannedWait__Output as _capstan_v1_PlannedWait__Output } from '../../capstan/v1/PlannedWait.js';
import type { Long } from '@grpc/proto-loader';

export interface PlanResponse {
  'app'?: (string);
  'env'?: (string);
  'from'?: (string);
  'to'?: (string);
  'strategy'?: (string);
  'nodes'?: (number);
  'status'?: (string);
  'reason'?: (string);
  'durationMs'?: (number | string | Long);
  'waves'?: (_capstan_v1_PlannedWave)[];
  'changes'?: (_capstan_v1_PlannedChange)[];
  'availability'?: (_capstan_v1_Availability)[];
  'capacity'?: (number);
  'maxUnavailable'?: (number);
  'floor'?: (number);
  'skipped'?: (string)[];
  'approvals'?: (_capstan_v1_PlannedApproval)[];
  'supersedes'?: (string);
  'fetchMs'?: (number | string | Long);
  'changeMs'?: (number | string | Long);
  'learntFrom'?: (number);
  'obstacles'?: (string)[];
  'waits'?: (_capstan_v1_PlannedWait)[];
  'remarks'?: (string)[];
}

export interface PlanResponse__Output {
  'app': (string);
  'env': (string);
  'from': (string);
  'to': (string);
  'strategy': (string);
  'nodes': (number);
  'status': (string);
  'reason': (string);
  'durationMs': (string);
  'waves': (_capstan_v1_PlannedWave__Output)[];
  'changes': (_capstan_v1_PlannedChange__Output)[];
  'availability': (_capstan_v1_Availability__Output)[];
  'capacity': (number);
  'maxUnavailable': (number);
  'floor': (number);
  'skipped': (string)[];
  'approvals': (_capstan_v1_PlannedApproval__Output)[];
  'supersedes': (string);
  'fetchMs': (string);
  'changeMs': (string);
  'learntFrom': (number);
  'obstacles': (string)[];
  'waits': (_capstan_v1_PlannedWait__Output)[];
  'remarks': (string)[];
}
