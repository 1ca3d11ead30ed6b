// Original file: proto/capstan/v1/operator.proto

import type { ApplicationView as _capstan_v1_ApplicationView, ApplicationView__Output as _capstan_v1_ApplicationView__Output } from '../../capstan/v1/ApplicationView.js';

export interface ListApplicationsResponse {
  'applications'?: (_capstan_v1_ApplicationView)[];
}

export interface ListApplicationsResponse__Output {
  'applications': (_capstan_v1_ApplicationView__Output)[];
}
