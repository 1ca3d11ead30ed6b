import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { ActivationPolicy as _capstan_v1_ActivationPolicy, ActivationPolicy__Output as _capstan_v1_ActivationPolicy__Output } from './capstan/v1/ActivationPolicy.js';
import type { AgentServiceClient as _capstan_v1_AgentServiceClient, AgentServiceDefinition as _capstan_v1_AgentServiceDefinition } from './capstan/v1/AgentService.js';
import type { AppStatus as _capstan_v1_AppStatus, AppStatus__Output as _capstan_v1_AppStatus__Output } from './capstan/v1/AppStatus.js';
import type { AssetFolder as _capstan_v1_AssetFolder, AssetFolder__Output as _capstan_v1_AssetFolder__Output } from './capstan/v1/AssetFolder.js';
import type { Assignment as _capstan_v1_Assignment, Assignment__Output as _capstan_v1_Assignment__Output } from './capstan/v1/Assignment.js';
import type { CertificateResponse as _capstan_v1_CertificateResponse, CertificateResponse__Output as _capstan_v1_CertificateResponse__Output } from './capstan/v1/CertificateResponse.js';
import type { DatabaseFact as _capstan_v1_DatabaseFact, DatabaseFact__Output as _capstan_v1_DatabaseFact__Output } from './capstan/v1/DatabaseFact.js';
import type { DeltaRef as _capstan_v1_DeltaRef, DeltaRef__Output as _capstan_v1_DeltaRef__Output } from './capstan/v1/DeltaRef.js';
import type { DesiredState as _capstan_v1_DesiredState, DesiredState__Output as _capstan_v1_DesiredState__Output } from './capstan/v1/DesiredState.js';
import type { Drift as _capstan_v1_Drift, Drift__Output as _capstan_v1_Drift__Output } from './capstan/v1/Drift.js';
import type { DriftedPath as _capstan_v1_DriftedPath, DriftedPath__Output as _capstan_v1_DriftedPath__Output } from './capstan/v1/DriftedPath.js';
import type { EnrolRequest as _capstan_v1_EnrolRequest, EnrolRequest__Output as _capstan_v1_EnrolRequest__Output } from './capstan/v1/EnrolRequest.js';
import type { EnrolmentServiceClient as _capstan_v1_EnrolmentServiceClient, EnrolmentServiceDefinition as _capstan_v1_EnrolmentServiceDefinition } from './capstan/v1/EnrolmentService.js';
import type { FetchedFrom as _capstan_v1_FetchedFrom, FetchedFrom__Output as _capstan_v1_FetchedFrom__Output } from './capstan/v1/FetchedFrom.js';
import type { FindPeersRequest as _capstan_v1_FindPeersRequest, FindPeersRequest__Output as _capstan_v1_FindPeersRequest__Output } from './capstan/v1/FindPeersRequest.js';
import type { FindPeersResponse as _capstan_v1_FindPeersResponse, FindPeersResponse__Output as _capstan_v1_FindPeersResponse__Output } from './capstan/v1/FindPeersResponse.js';
import type { HostFacts as _capstan_v1_HostFacts, HostFacts__Output as _capstan_v1_HostFacts__Output } from './capstan/v1/HostFacts.js';
import type { LogAnswer as _capstan_v1_LogAnswer, LogAnswer__Output as _capstan_v1_LogAnswer__Output } from './capstan/v1/LogAnswer.js';
import type { LogRequest as _capstan_v1_LogRequest, LogRequest__Output as _capstan_v1_LogRequest__Output } from './capstan/v1/LogRequest.js';
import type { NodeStatus as _capstan_v1_NodeStatus, NodeStatus__Output as _capstan_v1_NodeStatus__Output } from './capstan/v1/NodeStatus.js';
import type { PackPeers as _capstan_v1_PackPeers, PackPeers__Output as _capstan_v1_PackPeers__Output } from './capstan/v1/PackPeers.js';
import type { Peer as _capstan_v1_Peer, Peer__Output as _capstan_v1_Peer__Output } from './capstan/v1/Peer.js';
import type { PollRequest as _capstan_v1_PollRequest, PollRequest__Output as _capstan_v1_PollRequest__Output } from './capstan/v1/PollRequest.js';
import type { PollResponse as _capstan_v1_PollResponse, PollResponse__Output as _capstan_v1_PollResponse__Output } from './capstan/v1/PollResponse.js';
import type { Pressure as _capstan_v1_Pressure, Pressure__Output as _capstan_v1_Pressure__Output } from './capstan/v1/Pressure.js';
import type { ReleaseId as _capstan_v1_ReleaseId, ReleaseId__Output as _capstan_v1_ReleaseId__Output } from './capstan/v1/ReleaseId.js';
import type { ReleaseRef as _capstan_v1_ReleaseRef, ReleaseRef__Output as _capstan_v1_ReleaseRef__Output } from './capstan/v1/ReleaseRef.js';
import type { RenewCertificateRequest as _capstan_v1_RenewCertificateRequest, RenewCertificateRequest__Output as _capstan_v1_RenewCertificateRequest__Output } from './capstan/v1/RenewCertificateRequest.js';
import type { ReportRequest as _capstan_v1_ReportRequest, ReportRequest__Output as _capstan_v1_ReportRequest__Output } from './capstan/v1/ReportRequest.js';
import type { ReportResponse as _capstan_v1_ReportResponse, ReportResponse__Output as _capstan_v1_ReportResponse__Output } from './capstan/v1/ReportResponse.js';
import type { Serving as _capstan_v1_Serving, Serving__Output as _capstan_v1_Serving__Output } from './capstan/v1/Serving.js';
import type { StepFailure as _capstan_v1_StepFailure, StepFailure__Output as _capstan_v1_StepFailure__Output } from './capstan/v1/StepFailure.js';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  capstan: {
    v1: {
      ActivationPolicy: MessageTypeDefinition<_capstan_v1_ActivationPolicy, _capstan_v1_ActivationPolicy__Output>
      AgentService: SubtypeConstructor<typeof grpc.Client, _capstan_v1_AgentServiceClient> & { service: _capstan_v1_AgentServiceDefinition }
      AppStatus: MessageTypeDefinition<_capstan_v1_AppStatus, _capstan_v1_AppStatus__Output>
      AssetFolder: MessageTypeDefinition<_capstan_v1_AssetFolder, _capstan_v1_AssetFolder__Output>
      Assignment: MessageTypeDefinition<_capstan_v1_Assignment, _capstan_v1_Assignment__Output>
      CertificateResponse: MessageTypeDefinition<_capstan_v1_CertificateResponse, _capstan_v1_CertificateResponse__Output>
      DatabaseFact: MessageTypeDefinition<_capstan_v1_DatabaseFact, _capstan_v1_DatabaseFact__Output>
      DeltaRef: MessageTypeDefinition<_capstan_v1_DeltaRef, _capstan_v1_DeltaRef__Output>
      DesiredState: MessageTypeDefinition<_capstan_v1_DesiredState, _capstan_v1_DesiredState__Output>
      Drift: MessageTypeDefinition<_capstan_v1_Drift, _capstan_v1_Drift__Output>
      DriftedPath: MessageTypeDefinition<_capstan_v1_DriftedPath, _capstan_v1_DriftedPath__Output>
      EnrolRequest: MessageTypeDefinition<_capstan_v1_EnrolRequest, _capstan_v1_EnrolRequest__Output>
      EnrolmentService: SubtypeConstructor<typeof grpc.Client, _capstan_v1_EnrolmentServiceClient> & { service: _capstan_v1_EnrolmentServiceDefinition }
      FetchedFrom: MessageTypeDefinition<_capstan_v1_FetchedFrom, _capstan_v1_FetchedFrom__Output>
      FindPeersRequest: MessageTypeDefinition<_capstan_v1_FindPeersRequest, _capstan_v1_FindPeersRequest__Output>
      FindPeersResponse: MessageTypeDefinition<_capstan_v1_FindPeersResponse, _capstan_v1_FindPeersResponse__Output>
      Health: EnumTypeDefinition
      HostFacts: MessageTypeDefinition<_capstan_v1_HostFacts, _capstan_v1_HostFacts__Output>
      Intent: EnumTypeDefinition
      LogAnswer: MessageTypeDefinition<_capstan_v1_LogAnswer, _capstan_v1_LogAnswer__Output>
      LogRequest: MessageTypeDefinition<_capstan_v1_LogRequest, _capstan_v1_LogRequest__Output>
      NodePhase: EnumTypeDefinition
      NodeStatus: MessageTypeDefinition<_capstan_v1_NodeStatus, _capstan_v1_NodeStatus__Output>
      PackPeers: MessageTypeDefinition<_capstan_v1_PackPeers, _capstan_v1_PackPeers__Output>
      Peer: MessageTypeDefinition<_capstan_v1_Peer, _capstan_v1_Peer__Output>
      PollRequest: MessageTypeDefinition<_capstan_v1_PollRequest, _capstan_v1_PollRequest__Output>
      PollResponse: MessageTypeDefinition<_capstan_v1_PollResponse, _capstan_v1_PollResponse__Output>
      Pressure: MessageTypeDefinition<_capstan_v1_Pressure, _capstan_v1_Pressure__Output>
      ReleaseId: MessageTypeDefinition<_capstan_v1_ReleaseId, _capstan_v1_ReleaseId__Output>
      ReleaseRef: MessageTypeDefinition<_capstan_v1_ReleaseRef, _capstan_v1_ReleaseRef__Output>
      RenewCertificateRequest: MessageTypeDefinition<_capstan_v1_RenewCertificateRequest, _capstan_v1_RenewCertificateRequest__Output>
      ReportRequest: MessageTypeDefinition<_capstan_v1_ReportRequest, _capstan_v1_ReportRequest__Output>
      ReportResponse: MessageTypeDefinition<_capstan_v1_ReportResponse, _capstan_v1_ReportResponse__Output>
      Serving: MessageTypeDefinition<_capstan_v1_Serving, _capstan_v1_Serving__Output>
      StepFailure: MessageTypeDefinition<_capstan_v1_StepFailure, _capstan_v1_StepFailure__Output>
    }
  }
}

