// Original file: proto/capstan/v1/operator.proto

import type { ReleaseRef as _capstan_v1_ReleaseRef, ReleaseRef__Output as _capstan_v1_ReleaseRef__Output } from '../../capstan/v1/ReleaseRef.js';
import type { CheckView as _capstan_v1_CheckView, CheckView__Output as _capstan_v1_CheckView__Output } from '../../capstan/v1/CheckView.js';
import type { StandingView as _capstan_v1_StandingView, StandingView__Output as _capstan_v1_StandingView__Output } from '../../capstan/v1/StandingView.js';
import type { PoisonView as _capstan_v1_PoisonView, PoisonView__Output as _capstan_v1_PoisonView__Output } from '../../capstan/v1/PoisonView.js';

export interface ReleaseView {
  'app'?: (string);
  'release'?: (_capstan_v1_ReleaseRef | null);
  'publishedAt'?: (string);
  'publishedBy'?: (string);
  'environments'?: (string)[];
  'stores'?: (string)[];
  'retiredAt'?: (string);
  'assetUrls'?: ({[key: string]: string});
  'checks'?: (_capstan_v1_CheckView)[];
  'standings'?: (_capstan_v1_StandingView)[];
  'poison'?: (_capstan_v1_PoisonView | null);
}

export interface ReleaseView__Output {
  'app': (string);
  'release': (_capstan_v1_ReleaseRef__Output | null);
  'publishedAt': (string);
  'publishedBy': (string);
  'environments': (string)[];
  'stores': (string)[];
  'retiredAt': (string);
  'assetUrls': ({[key: string]: string});
  'checks': (_capstan_v1_CheckView__Output)[];
  'standings': (_capstan_v1_StandingView__Output)[];
  'poison': (_capstan_v1_PoisonView__Output | null);
}
