// Original file: proto/capstan/v1/types.proto

import type { NodePhase as _capstan_v1_NodePhase, NodePhase__Output as _capstan_v1_NodePhase__Output } from '../../capstan/v1/NodePhase.js';
import type { Health as _capstan_v1_Health, Health__Output as _capstan_v1_Health__Output } from '../../capstan/v1/Health.js';
import type { ReleaseId as _capstan_v1_ReleaseId, ReleaseId__Output as _capstan_v1_ReleaseId__Output } from '../../capstan/v1/ReleaseId.js';
import type { StepFailure as _capstan_v1_StepFailure, StepFailure__Output as _capstan_v1_StepFailure__Output } from '../../capstan/v1/StepFailure.js';
import type { FetchedFrom as _capstan_v1_FetchedFrom, FetchedFrom__Output as _capstan_v1_FetchedFrom__Output } from '../../capstan/v1/FetchedFrom.js';
import type { Drift as _capstan_v1_Drift, Drift__Output as _capstan_v1_Drift__Output } from '../../capstan/v1/Drift.js';
import type { Long } from '@grpc/proto-loader';

export interface AppStatus {
  'app'?: (string);
  'generation'?: (number | string | Long);
  'phase'?: (_capstan_v1_NodePhase);
  'health'?: (_capstan_v1_Health);
  'ready'?: (boolean);
  'current'?: (_capstan_v1_ReleaseId | null);
  'previous'?: (_capstan_v1_ReleaseId | null);
  'staged'?: (string)[];
  'failure'?: (_capstan_v1_StepFailure | null);
  'note'?: (string);
  'bytesDone'?: (number | string | Long);
  'bytesTotal'?: (number | string | Long);
  'fetchedFrom'?: (_capstan_v1_FetchedFrom)[];
  'drift'?: (_capstan_v1_Drift | null);
  'pastReturn'?: (boolean);
  'standby'?: (boolean);
  'restarts'?: (number);
}

export interface AppStatus__Output {
  'app': (string);
  'generation': (string);
  'phase': (_capstan_v1_NodePhase__Output);
  'health': (_capstan_v1_Health__Output);
  'ready': (boolean);
  'current': (_capstan_v1_ReleaseId__Output | null);
  'previous': (_capstan_v1_ReleaseId__Output | null);
  'staged': (string)[];
  'failure': (_capstan_v1_StepFailure__Output | null);
  'note': (string);
  'bytesDone': (string);
  'bytesTotal': (string);
  'fetchedFrom': (_capstan_v1_FetchedFrom__Output)[];
  'drift': (_capstan_v1_Drift__Output | null);
  'pastReturn': (boolean);
  'standby': (boolean);
  'restarts': (number);
}
