// Original file: proto/capstan/v1/operator.proto

import type { PromotionView as _capstan_v1_PromotionView, PromotionView__Output as _capstan_v1_PromotionView__Output } from '../../capstan/v1/PromotionView.js';
import type { AutoDeployView as _capstan_v1_AutoDeployView, AutoDeployView__Output as _capstan_v1_AutoDeployView__Output } from '../../capstan/v1/AutoDeployView.js';

export interface EnvironmentView {
  'name'?: (string);
  'selector'?: (string);
  'strategy'?: (string);
  'nodes'?: (number);
  'version'?: (string);
  'digest'?: (string);
  'wanted'?: (string);
  'promotion'?: (_capstan_v1_PromotionView | null);
  'autoDeploy'?: (_capstan_v1_AutoDeployView | null);
}

export interface EnvironmentView__Output {
  'name': (string);
  'selector': (string);
  'strategy': (string);
  'nodes': (number);
  'version': (string);
  'digest': (string);
  'wanted': (string);
  'promotion': (_capstan_v1_PromotionView__Output | null);
  'autoDeploy': (_capstan_v1_AutoDeployView__Output | null);
}
