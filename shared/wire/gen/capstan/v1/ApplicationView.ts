// Original file: proto/capstan/v1/operator.proto

import type { EnvironmentView as _capstan_v1_EnvironmentView, EnvironmentView__Output as _capstan_v1_EnvironmentView__Output } from '../../capstan/v1/EnvironmentView.js';

export interface ApplicationView {
  'name'?: (string);
  'environments'?: (_capstan_v1_EnvironmentView)[];
  'releases'?: (number);
  'latestVersion'?: (string);
  'spec'?: (string);
  'leaving'?: (string)[];
}

export interface ApplicationView__Output {
  'name': (string);
  'environments': (_capstan_v1_EnvironmentView__Output)[];
  'releases': (number);
  'latestVersion': (string);
  'spec': (string);
  'leaving': (string)[];
}
