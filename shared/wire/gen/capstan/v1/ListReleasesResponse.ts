// Original file: proto/capstan/v1/operator.proto

import type { ReleaseView as _capstan_v1_ReleaseView, ReleaseView__Output as _capstan_v1_ReleaseView__Output } from '../../capstan/v1/ReleaseView.js';

export interface ListReleasesResponse {
  'releases'?: (_capstan_v1_ReleaseView)[];
}

export interface ListReleasesResponse__Output {
  'releases': (_capstan_v1_ReleaseView__Output)[];
}
