// Original file: proto/capstan/v1/agent.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { CertificateResponse as _capstan_v1_CertificateResponse, CertificateResponse__Output as _capstan_v1_CertificateResponse__Output } from '../../capstan/v1/CertificateResponse.js';
import type { FindPeersRequest as _capstan_v1_FindPeersRequest, FindPeersRequest__Output as _capstan_v1_FindPeersRequest__Output } from '../../capstan/v1/FindPeersRequest.js';
import type { FindPeersResponse as _capstan_v1_FindPeersResponse, FindPeersResponse__Output as _capstan_v1_FindPeersResponse__Output } from '../../capstan/v1/FindPeersResponse.js';
import type { PollRequest as _capstan_v1_PollRequest, PollRequest__Output as _capstan_v1_PollRequest__Output } from '../../capstan/v1/PollRequest.js';
import type { PollResponse as _capstan_v1_PollResponse, PollResponse__Output as _capstan_v1_PollResponse__Output } from '../../capstan/v1/PollResponse.js';
import type { RenewCertificateRequest as _capstan_v1_RenewCertificateRequest, RenewCertificateRequest__Output as _capstan_v1_RenewCertificateRequest__Output } from '../../capstan/v1/RenewCertificateRequest.js';
import type { ReportRequest as _capstan_v1_ReportRequest, ReportRequest__Output as _capstan_v1_ReportRequest__Output } from '../../capstan/v1/ReportRequest.js';
import type { ReportResponse as _capstan_v1_ReportResponse, ReportResponse__Output as _capstan_v1_ReportResponse__Output } from '../../capstan/v1/ReportResponse.js';

export interface AgentServiceClient extends grpc.Client {
  FindPeers(argument: _capstan_v1_FindPeersRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_FindPeersResponse__Output>): grpc.ClientUnaryCall;
  FindPeers(argument: _capstan_v1_FindPeersRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_FindPeersResponse__Output>): grpc.ClientUnaryCall;
  FindPeers(argument: _capstan_v1_FindPeersRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_FindPeersResponse__Output>): grpc.ClientUnaryCall;
  FindPeers(argument: _capstan_v1_FindPeersRequest, callback: grpc.requestCallback<_capstan_v1_FindPeersResponse__Output>): grpc.ClientUnaryCall;
  findPeers(argument: _capstan_v1_FindPeersRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_FindPeersResponse__Output>): grpc.ClientUnaryCall;
  findPeers(argument: _capstan_v1_FindPeersRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_FindPeersResponse__Output>): grpc.ClientUnaryCall;
  findPeers(argument: _capstan_v1_FindPeersRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_FindPeersResponse__Output>): grpc.ClientUnaryCall;
  findPeers(argument: _capstan_v1_FindPeersRequest, callback: grpc.requestCallback<_capstan_v1_FindPeersResponse__Output>): grpc.ClientUnaryCall;
  
  Poll(argument: _capstan_v1_PollRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_PollResponse__Output>): grpc.ClientUnaryCall;
  Poll(argument: _capstan_v1_PollRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_PollResponse__Output>): grpc.ClientUnaryCall;
  Poll(argument: _capstan_v1_PollRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_PollResponse__Output>): grpc.ClientUnaryCall;
  Poll(argument: _capstan_v1_PollRequest, callback: grpc.requestCallback<_capstan_v1_PollResponse__Output>): grpc.ClientUnaryCall;
  poll(argument: _capstan_v1_PollRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_PollResponse__Output>): grpc.ClientUnaryCall;
  poll(argument: _capstan_v1_PollRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_PollResponse__Output>): grpc.ClientUnaryCall;
  poll(argument: _capstan_v1_PollRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_PollResponse__Output>): grpc.ClientUnaryCall;
  poll(argument: _capstan_v1_PollRequest, callback: grpc.requestCallback<_capstan_v1_PollResponse__Output>): grpc.ClientUnaryCall;
  
  RenewCertificate(argument: _capstan_v1_RenewCertificateRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_CertificateResponse__Output>): grpc.ClientUnaryCall;
  RenewCertificate(argument: _capstan_v1_RenewCertificateRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_CertificateResponse__Output>): grpc.ClientUnaryCall;
  RenewCertificate(argument: _capstan_v1_RenewCertificateRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_CertificateResponse__Output>): grpc.ClientUnaryCall;
  RenewCertificate(argument: _capstan_v1_RenewCertificateRequest, callback: grpc.requestCallback<_capstan_v1_CertificateResponse__Output>): grpc.ClientUnaryCall;
  renewCertificate(argument: _capstan_v1_RenewCertificateRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_CertificateResponse__Output>): grpc.ClientUnaryCall;
  renewCertificate(argument: _capstan_v1_RenewCertificateRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_CertificateResponse__Output>): grpc.ClientUnaryCall;
  renewCertificate(argument: _capstan_v1_RenewCertificateRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_CertificateResponse__Output>): grpc.ClientUnaryCall;
  renewCertificate(argument: _capstan_v1_RenewCertificateRequest, callback: grpc.requestCallback<_capstan_v1_CertificateResponse__Output>): grpc.ClientUnaryCall;
  
  Report(argument: _capstan_v1_ReportRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_ReportResponse__Output>): grpc.ClientUnaryCall;
  Report(argument: _capstan_v1_ReportRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_ReportResponse__Output>): grpc.ClientUnaryCall;
  Report(argument: _capstan_v1_ReportRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_ReportResponse__Output>): grpc.ClientUnaryCall;
  Report(argument: _capstan_v1_ReportRequest, callback: grpc.requestCallback<_capstan_v1_ReportResponse__Output>): grpc.ClientUnaryCall;
  report(argument: _capstan_v1_ReportRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_ReportResponse__Output>): grpc.ClientUnaryCall;
  report(argument: _capstan_v1_ReportRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_ReportResponse__Output>): grpc.ClientUnaryCall;
  report(argument: _capstan_v1_ReportRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_ReportResponse__Output>): grpc.ClientUnaryCall;
  report(argument: _capstan_v1_ReportRequest, callback: grpc.requestCallback<_capstan_v1_ReportResponse__Output>): grpc.ClientUnaryCall;
  
}

export interface AgentServiceHandlers extends grpc.UntypedServiceImplementation {
  FindPeers: grpc.handleUnaryCall<_capstan_v1_FindPeersRequest__Output, _capstan_v1_FindPeersResponse>;
  
  Poll: grpc.handleUnaryCall<_capstan_v1_PollRequest__Output, _capstan_v1_PollResponse>;
  
  RenewCertificate: grpc.handleUnaryCall<_capstan_v1_RenewCertificateRequest__Output, _capstan_v1_CertificateResponse>;
  
  Report: grpc.handleUnaryCall<_capstan_v1_ReportRequest__Output, _capstan_v1_ReportResponse>;
  
}

export interface AgentServiceDefinition extends grpc.ServiceDefinition {
  FindPeers: MethodDefinition<_capstan_v1_FindPeersRequest, _capstan_v1_FindPeersResponse, _capstan_v1_FindPeersRequest__Output, _capstan_v1_FindPeersResponse__Output>
  Poll: MethodDefinition<_capstan_v1_PollRequest, _capstan_v1_PollResponse, _capstan_v1_PollRequest__Output, _capstan_v1_PollResponse__Output>
  RenewCertificate: MethodDefinition<_capstan_v1_RenewCertificateRequest, _capstan_v1_CertificateResponse, _capstan_v1_RenewCertificateRequest__Output, _capstan_v1_CertificateResponse__Output>
  Report: MethodDefinition<_capstan_v1_ReportRequest, _capstan_v1_ReportResponse, _capstan_v1_ReportRequest__Output, _capstan_v1_ReportResponse__Output>
}
