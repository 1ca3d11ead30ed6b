// Original file: proto/capstan/v1/types.proto

import type { Long } from '@grpc/proto-loader';

export interface ReleaseRef {
  'version'?: (string);
  'digest'?: (string);
  'manifestSize'?: (number | string | Long);
  'layoutDigest'?: (string);
  'layoutSize'?: (number | string | Long);
  'contentSize'?: (number | string | Long);
  'fileCount'?: (number | string | Long);
  'packSize'?: (number | string | Long);
}

export interface ReleaseRef__Output {
  'version': (string);
  'digest': (string);
  'manifestSize': (string);
  'layoutDigest': (string);
  'layoutSize': (string);
  'contentSize': (string);
  'fileCount': (string);
  'packSize': (string);
}
