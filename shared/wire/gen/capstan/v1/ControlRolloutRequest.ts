// Original file: proto/capstan/v1/operator.proto

import type { Pause as _capstan_v1_Pause, Pause__Output as _capstan_v1_Pause__Output } from '../../capstan/v1/Pause.js';
import type { Resume as _capstan_v1_Resume, Resume__Output as _capstan_v1_Resume__Output } from '../../capstan/v1/Resume.js';
import type { Approve as _capstan_v1_Approve, Approve__Output as _capstan_v1_Approve__Output } from '../../capstan/v1/Approve.js';
import type { Abort as _capstan_v1_Abort, Abort__Output as _capstan_v1_Abort__Output } from '../../capstan/v1/Abort.js';
import type { NodeNames as _capstan_v1_NodeNames, NodeNames__Output as _capstan_v1_NodeNames__Output } from '../../capstan/v1/NodeNames.js';
import type { Switch as _capstan_v1_Switch, Switch__Output as _capstan_v1_Switch__Output } from '../../capstan/v1/Switch.js';
import type { SwitchBack as _capstan_v1_SwitchBack, SwitchBack__Output as _capstan_v1_SwitchBack__Output } from '../../capstan/v1/SwitchBack.js';
import type { ReleaseSlot as _capstan_v1_ReleaseSlot, ReleaseSlot__Output as _capstan_v1_ReleaseSlot__Output } from '../../capstan/v1/ReleaseSlot.js';

export interface ControlRolloutRequest {
  'id'?: (string);
  'pause'?: (_capstan_v1_Pause | null);
  'resume'?: (_capstan_v1_Resume | null);
  'approve'?: (_capstan_v1_Approve | null);
  'abort'?: (_capstan_v1_Abort | null);
  'retry'?: (_capstan_v1_NodeNames | null);
  'excuse'?: (_capstan_v1_NodeNames | null);
  'reason'?: (string);
  'idempotencyKey'?: (string);
  'switch'?: (_capstan_v1_Switch | null);
  'switchBack'?: (_capstan_v1_SwitchBack | null);
  'release'?: (_capstan_v1_ReleaseSlot | null);
  'action'?: "pause"|"resume"|"approve"|"abort"|"retry"|"excuse"|"switch"|"switchBack"|"release";
}

export interface ControlRolloutRequest__Output {
  'id': (string);
  'pause'?: (_capstan_v1_Pause__Output | null);
  'resume'?: (_capstan_v1_Resume__Output | null);
  'approve'?: (_capstan_v1_Approve__Output | null);
  'abort'?: (_capstan_v1_Abort__Output | null);
  'retry'?: (_capstan_v1_NodeNames__Output | null);
  'excuse'?: (_capstan_v1_NodeNames__Output | null);
  'reason': (string);
  'idempotencyKey': (string);
  'switch'?: (_capstan_v1_Switch__Output | null);
  'switchBack'?: (_capstan_v1_SwitchBack__Output | null);
  'release'?: (_capstan_v1_ReleaseSlot__Output | null);
  'action'?: "pause"|"resume"|"approve"|"abort"|"retry"|"excuse"|"switch"|"switchBack"|"release";
}
