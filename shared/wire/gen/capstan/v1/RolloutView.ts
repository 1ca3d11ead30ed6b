// Original file: proto/capstan/v1/operator.proto

import type { WaveView as _capstan_v1_WaveView, WaveView__Output as _capstan_v1_WaveView__Output } from '../../capstan/v1/WaveView.js';
import type { Comparison as _capstan_v1_Comparison, Comparison__Output as _capstan_v1_Comparison__Output } from '../../capstan/v1/Comparison.js';
import type { SlotsView as _capstan_v1_SlotsView, SlotsView__Output as _capstan_v1_SlotsView__Output } from '../../capstan/v1/SlotsView.js';

export interface RolloutView {
  'id'?: (string);
  'app'?: (string);
  'env'?: (string);
  'from'?: (string);
  'to'?: (string);
  'strategy'?: (string);
  'status'?: (string);
  'reason'?: (string);
  'waves'?: (_capstan_v1_WaveView)[];
  'startedAt'?: (string);
  'endedAt'?: (string);
  'cause'?: (string);
  'requestedBy'?: (string);
  'requestedReason'?: (string);
  'rollbackOf'?: (string);
  'supersededBy'?: (string);
  'waitingFor'?: (string);
  'total'?: (number);
  'settled'?: (number);
  'healthy'?: (number);
  'failed'?: (number);
  'staged'?: (number);
  'config'?: (number);
  'fromConfig'?: (number);
  'comparison'?: (_capstan_v1_Comparison | null);
  'slots'?: (_capstan_v1_SlotsView | null);
}

export interface RolloutView__Output {
  'id': (string);
  'app': (string);
  'env': (string);
  'from': (string);
  'to': (string);
  'strategy': (string);
  'status': (string);
  'reason': (string);
  'waves': (_capstan_v1_WaveView__Output)[];
  'startedAt': (string);
  'endedAt': (string);
  'cause': (string);
  'requestedBy': (string);
  'requestedReason': (string);
  'rollbackOf': (string);
  'supersededBy': (string);
  'waitingFor': (string);
  'total': (number);
  'settled': (number);
  'healthy': (number);
  'failed': (number);
  'staged': (number);
  'config': (number);
  'fromConfig': (number);
  'comparison': (_capstan_v1_Comparison__Output | null);
  'slots': (_capstan_v1_SlotsView__Output | null);
}
