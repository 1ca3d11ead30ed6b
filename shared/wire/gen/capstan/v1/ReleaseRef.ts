// Original file: proto/capstan/v1/types.proto

import type { DeltaRef as _capstan_v1_DeltaRef, DeltaRef__Output as _capstan_v1_DeltaRef__Output } from '../../capstan/v1/DeltaRef.js';
import type { AssetFolder as _capstan_v1_AssetFolder, AssetFolder__Output as _capstan_v1_AssetFolder__Output } from '../../capstan/v1/AssetFolder.js';
import type { DatabaseFact as _capstan_v1_DatabaseFact, DatabaseFact__Output as _capstan_v1_DatabaseFact__Output } from '../../capstan/v1/DatabaseFact.js';
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
  'deltas'?: (_capstan_v1_DeltaRef)[];
  'assets'?: (_capstan_v1_AssetFolder)[];
  'database'?: (_capstan_v1_DatabaseFact | null);
  'envelope'?: (string);
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
  'deltas': (_capstan_v1_DeltaRef__Output)[];
  'assets': (_capstan_v1_AssetFolder__Output)[];
  'database': (_capstan_v1_DatabaseFact__Output | null);
  'envelope': (string);
}
