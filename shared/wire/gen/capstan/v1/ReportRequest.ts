// Original file: proto/capstan/v1/agent.proto

import type { NodeStatus as _capstan_v1_NodeStatus, NodeStatus__Output as _capstan_v1_NodeStatus__Output } from '../../capstan/v1/NodeStatus.js';
import type { LogAnswer as _capstan_v1_LogAnswer, LogAnswer__Output as _capstan_v1_LogAnswer__Output } from '../../capstan/v1/LogAnswer.js';
import type { Serving as _capstan_v1_Serving, Serving__Output as _capstan_v1_Serving__Output } from '../../capstan/v1/Serving.js';
import type { Long } from '@grpc/proto-loader';

export interface ReportRequest {
  'session'?: (string);
  'sequence'?: (number | string | Long);
  'status'?: (_capstan_v1_NodeStatus | null);
  'logs'?: (_capstan_v1_LogAnswer)[];
  'serving'?: (_capstan_v1_Serving | null);
}

export interface ReportRequest__Output {
  'session': (string);
  'sequence': (string);
  'status': (_capstan_v1_NodeStatus__Output | null);
  'logs': (_capstan_v1_LogAnswer__Output)[];
  'serving': (_capstan_v1_Serving__Output | null);
}
