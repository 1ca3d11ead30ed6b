// Original file: proto/capstan/v1/operator.proto

import type { EvidenceView as _capstan_v1_EvidenceView, EvidenceView__Output as _capstan_v1_EvidenceView__Output } from '../../capstan/v1/EvidenceView.js';

export interface PoisonView {
  'digest'?: (string);
  'app'?: (string);
  'since'?: (string);
  'evidence'?: (_capstan_v1_EvidenceView)[];
}

export interface PoisonView__Output {
  'digest': (string);
  'app': (string);
  'since': (string);
  'evidence': (_capstan_v1_EvidenceView__Output)[];
}
