// Original file: proto/capstan/v1/operator.proto

import type { SpecFile as _capstan_v1_SpecFile, SpecFile__Output as _capstan_v1_SpecFile__Output } from '../../capstan/v1/SpecFile.js';

export interface ApplyRequest {
  'files'?: (_capstan_v1_SpecFile)[];
  'idempotencyKey'?: (string);
  'dryRun'?: (boolean);
  'remove'?: (string)[];
}

export interface ApplyRequest__Output {
  'files': (_capstan_v1_SpecFile__Output)[];
  'idempotencyKey': (string);
  'dryRun': (boolean);
  'remove': (string)[];
}
