// Original file: proto/capstan/v1/operator.proto

import type { Intent as _capstan_v1_Intent, Intent__Output as _capstan_v1_Intent__Output } from '../../capstan/v1/Intent.js';
import type { NodePhase as _capstan_v1_NodePhase, NodePhase__Output as _capstan_v1_NodePhase__Output } from '../../capstan/v1/NodePhase.js';
import type { Health as _capstan_v1_Health, Health__Output as _capstan_v1_Health__Output } from '../../capstan/v1/Health.js';
import type { StepFailure as _capstan_v1_StepFailure, StepFailure__Output as _capstan_v1_StepFailure__Output } from '../../capstan/v1/StepFailure.js';
import type { FetchedFrom as _capstan_v1_FetchedFrom, FetchedFrom__Output as _capstan_v1_FetchedFrom__Output } from '../../capstan/v1/FetchedFrom.js';
import type { Drift as _capstan_v1_Drift, Drift__Output as _capstan_v1_Drift__Output } from '../../capstan/v1/Drift.js';
import type { Long } from '@grpc/proto-loader';

export interface NodeAppView {
  'app'?: (string);
  'env'?: (string);
  'version'?: (string);
  'digest'?: (string);
  'wantedVersion'?: (string);
  'wantedIntent'?: (_capstan_v1_Intent);
  'phase'?: (_capstan_v1_NodePhase);
  'health'?: (_capstan_v1_Health);
  'reason'?: (string);
  'failure'?: (_capstan_v1_StepFailure | null);
  'generation'?: (number | string | Long);
  'bytesDone'?: (number | string | Long);
  'bytesTotal'?: (number | string | Long);
  'fetchedFrom'?: (_capstan_v1_FetchedFrom)[];
  'drift'?: (_capstan_v1_Drift | null);
  'pastReturn'?: (boolean);
  'standby'?: (boolean);
  'restarts'?: (number);
}

export interface NodeAppView__Output {
  'app': (string);
  'env': (string);
  'version': (string);
  'digest': (string);
  'wantedVersion': (string);
  'wantedIntent': (_capstan_v1_Intent__Output);
  'phase': (_capstan_v1_NodePhase__Output);
  'health': (_capstan_v1_Health__Output);
  'reason': (string);
  'failure': (_capstan_v1_StepFailure__Output | null);
  'generation': (string);
  'bytesDone': (string);
  'bytesTotal': (string);
  'fetchedFrom': (_capstan_v1_FetchedFrom__Output)[];
  'drift': (_capstan_v1_Drift__Output | null);
  'pastReturn': (boolean);
  'standby': (boolean);
  'restarts': (number);
}
