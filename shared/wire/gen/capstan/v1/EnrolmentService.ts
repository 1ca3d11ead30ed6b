// Original file: proto/capstan/v1/agent.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { CertificateResponse as _capstan_v1_CertificateResponse, CertificateResponse__Output as _capstan_v1_CertificateResponse__Output } from '../../capstan/v1/CertificateResponse.js';
import type { EnrolRequest as _capstan_v1_EnrolRequest, EnrolRequest__Output as _capstan_v1_EnrolRequest__Output } from '../../capstan/v1/EnrolRequest.js';

export interface EnrolmentServiceClient extends grpc.Client {
  Enrol(argument: _capstan_v1_EnrolRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_CertificateResponse__Output>): grpc.ClientUnaryCall;
  Enrol(argument: _capstan_v1_EnrolRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_CertificateResponse__Output>): grpc.ClientUnaryCall;
  Enrol(argument: _capstan_v1_EnrolRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_CertificateResponse__Output>): grpc.ClientUnaryCall;
  Enrol(argument: _capstan_v1_EnrolRequest, callback: grpc.requestCallback<_capstan_v1_CertificateResponse__Output>): grpc.ClientUnaryCall;
  enrol(argument: _capstan_v1_EnrolRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_CertificateResponse__Output>): grpc.ClientUnaryCall;
  enrol(argument: _capstan_v1_EnrolRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_CertificateResponse__Output>): grpc.ClientUnaryCall;
  enrol(argument: _capstan_v1_EnrolRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_CertificateResponse__Output>): grpc.ClientUnaryCall;
  enrol(argument: _capstan_v1_EnrolRequest, callback: grpc.requestCallback<_capstan_v1_CertificateResponse__Output>): grpc.ClientUnaryCall;
  
}

export interface EnrolmentServiceHandlers extends grpc.UntypedServiceImplementation {
  Enrol: grpc.handleUnaryCall<_capstan_v1_EnrolRequest__Output, _capstan_v1_CertificateResponse>;
  
}

export interface EnrolmentServiceDefinition extends grpc.ServiceDefinition {
  Enrol: MethodDefinition<_capstan_v1_EnrolRequest, _capstan_v1_CertificateResponse, _capstan_v1_EnrolRequest__Output, _capstan_v1_CertificateResponse__Output>
}
