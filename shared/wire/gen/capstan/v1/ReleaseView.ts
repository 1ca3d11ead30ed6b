// Original file: proto/capstan/v1/operator.proto

import type { ReleaseRef as _capstan_v1_ReleaseRef, ReleaseRef__Output as _capstan_v1_ReleaseRef__Output } from '../../capstan/v1/ReleaseRef.js';

export interface ReleaseView {
  'app'?: (string);
  'release'?: (_capstan_v1_ReleaseRef | null);
  'publishedAt'?: (string);
  'publishedBy'?: (string);
  'environments'?: (string)[];
  'stores'?: (string)[];
  'retiredAt'?: (string);
  'assetUrls'?: ({[key: string]: string});
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
}
