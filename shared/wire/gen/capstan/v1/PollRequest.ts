// Original file: proto/capstan/v1/agent.proto

import type { Long } from '@grpc/proto-loader';

export interface PollRequest {
  'revisionSeen'?: (number | string | Long);
  'instance'?: (string);
  'session'?: (string);
  'reportSequence'?: (number | string | Long);
  'epochSeen'?: (number | string | Long);
  'restoreSeen'?: (string);
  '_epochSeen'?: "epochSeen";
  '_restoreSeen'?: "restoreSeen";
}

export interface PollRequest__Output {
  'revisionSeen': (string);
  'instance': (string);
  'session': (string);
  'reportSequence': (string);
  'epochSeen'?: (string);
  'restoreSeen'?: (string);
  '_epochSeen'?: "epochSeen";
  '_restoreSeen'?: "restoreSeen";
}
