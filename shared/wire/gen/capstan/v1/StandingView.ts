// Original file: proto/capstan/v1/operator.proto

import type { ApprovalView as _capstan_v1_ApprovalView, ApprovalView__Output as _capstan_v1_ApprovalView__Output } from '../../capstan/v1/ApprovalView.js';

export interface StandingView {
  'env'?: (string);
  'lacks'?: (string)[];
  'approvals'?: (_capstan_v1_ApprovalView)[];
  'promotion'?: (_capstan_v1_ApprovalView | null);
}

export interface StandingView__Output {
  'env': (string);
  'lacks': (string)[];
  'approvals': (_capstan_v1_ApprovalView__Output)[];
  'promotion': (_capstan_v1_ApprovalView__Output | null);
}
