// Original file: proto/capstan/v1/operator.proto

import type { ReleaseRef as _capstan_v1_ReleaseRef, ReleaseRef__Output as _capstan_v1_ReleaseRef__Output } from '../../capstan/v1/ReleaseRef.js';

export interface BeginPublishResponse {
  'uploadUrl'?: (string);
  'ticket'?: (string);
  'existingDigest'?: (string);
  'bases'?: (_capstan_v1_ReleaseRef)[];
  'store'?: (string);
  'assetsUploadUrl'?: (string);
  'note'?: (string);
}

export interface BeginPublishResponse__Output {
  'uploadUrl': (string);
  'ticket': (string);
  'existingDigest': (string);
  'bases': (_capstan_v1_ReleaseRef__Output)[];
  'store': (string);
  'assetsUploadUrl': (string);
  'note': (string);
}
