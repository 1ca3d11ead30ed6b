// Original file: proto/capstan/v1/operator.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { AcknowledgeEventsRequest as _capstan_v1_AcknowledgeEventsRequest, AcknowledgeEventsRequest__Output as _capstan_v1_AcknowledgeEventsRequest__Output } from '../../capstan/v1/AcknowledgeEventsRequest.js';
import type { ApplicationView as _capstan_v1_ApplicationView, ApplicationView__Output as _capstan_v1_ApplicationView__Output } from '../../capstan/v1/ApplicationView.js';
import type { ApplyRequest as _capstan_v1_ApplyRequest, ApplyRequest__Output as _capstan_v1_ApplyRequest__Output } from '../../capstan/v1/ApplyRequest.js';
import type { ApplyResponse as _capstan_v1_ApplyResponse, ApplyResponse__Output as _capstan_v1_ApplyResponse__Output } from '../../capstan/v1/ApplyResponse.js';
import type { BeginPublishRequest as _capstan_v1_BeginPublishRequest, BeginPublishRequest__Output as _capstan_v1_BeginPublishRequest__Output } from '../../capstan/v1/BeginPublishRequest.js';
import type { BeginPublishResponse as _capstan_v1_BeginPublishResponse, BeginPublishResponse__Output as _capstan_v1_BeginPublishResponse__Output } from '../../capstan/v1/BeginPublishResponse.js';
import type { CaView as _capstan_v1_CaView, CaView__Output as _capstan_v1_CaView__Output } from '../../capstan/v1/CaView.js';
import type { ClaimObjectsRequest as _capstan_v1_ClaimObjectsRequest, ClaimObjectsRequest__Output as _capstan_v1_ClaimObjectsRequest__Output } from '../../capstan/v1/ClaimObjectsRequest.js';
import type { ClaimObjectsResponse as _capstan_v1_ClaimObjectsResponse, ClaimObjectsResponse__Output as _capstan_v1_ClaimObjectsResponse__Output } from '../../capstan/v1/ClaimObjectsResponse.js';
import type { CollectGarbageProgress as _capstan_v1_CollectGarbageProgress, CollectGarbageProgress__Output as _capstan_v1_CollectGarbageProgress__Output } from '../../capstan/v1/CollectGarbageProgress.js';
import type { CollectGarbageRequest as _capstan_v1_CollectGarbageRequest, CollectGarbageRequest__Output as _capstan_v1_CollectGarbageRequest__Output } from '../../capstan/v1/CollectGarbageRequest.js';
import type { ConfigView as _capstan_v1_ConfigView, ConfigView__Output as _capstan_v1_ConfigView__Output } from '../../capstan/v1/ConfigView.js';
import type { ConsumerView as _capstan_v1_ConsumerView, ConsumerView__Output as _capstan_v1_ConsumerView__Output } from '../../capstan/v1/ConsumerView.js';
import type { ControlRolloutRequest as _capstan_v1_ControlRolloutRequest, ControlRolloutRequest__Output as _capstan_v1_ControlRolloutRequest__Output } from '../../capstan/v1/ControlRolloutRequest.js';
import type { CopyDatabaseRequest as _capstan_v1_CopyDatabaseRequest, CopyDatabaseRequest__Output as _capstan_v1_CopyDatabaseRequest__Output } from '../../capstan/v1/CopyDatabaseRequest.js';
import type { CreateOperatorRequest as _capstan_v1_CreateOperatorRequest, CreateOperatorRequest__Output as _capstan_v1_CreateOperatorRequest__Output } from '../../capstan/v1/CreateOperatorRequest.js';
import type { CreateTokenRequest as _capstan_v1_CreateTokenRequest, CreateTokenRequest__Output as _capstan_v1_CreateTokenRequest__Output } from '../../capstan/v1/CreateTokenRequest.js';
import type { DatabasePiece as _capstan_v1_DatabasePiece, DatabasePiece__Output as _capstan_v1_DatabasePiece__Output } from '../../capstan/v1/DatabasePiece.js';
import type { DecommissionNodeRequest as _capstan_v1_DecommissionNodeRequest, DecommissionNodeRequest__Output as _capstan_v1_DecommissionNodeRequest__Output } from '../../capstan/v1/DecommissionNodeRequest.js';
import type { DecommissionNodeResponse as _capstan_v1_DecommissionNodeResponse, DecommissionNodeResponse__Output as _capstan_v1_DecommissionNodeResponse__Output } from '../../capstan/v1/DecommissionNodeResponse.js';
import type { DeployRequest as _capstan_v1_DeployRequest, DeployRequest__Output as _capstan_v1_DeployRequest__Output } from '../../capstan/v1/DeployRequest.js';
import type { DeployResponse as _capstan_v1_DeployResponse, DeployResponse__Output as _capstan_v1_DeployResponse__Output } from '../../capstan/v1/DeployResponse.js';
import type { Event as _capstan_v1_Event, Event__Output as _capstan_v1_Event__Output } from '../../capstan/v1/Event.js';
import type { ForgetConsumerRequest as _capstan_v1_ForgetConsumerRequest, ForgetConsumerRequest__Output as _capstan_v1_ForgetConsumerRequest__Output } from '../../capstan/v1/ForgetConsumerRequest.js';
import type { ForgetConsumerResponse as _capstan_v1_ForgetConsumerResponse, ForgetConsumerResponse__Output as _capstan_v1_ForgetConsumerResponse__Output } from '../../capstan/v1/ForgetConsumerResponse.js';
import type { ForgivePoisonRequest as _capstan_v1_ForgivePoisonRequest, ForgivePoisonRequest__Output as _capstan_v1_ForgivePoisonRequest__Output } from '../../capstan/v1/ForgivePoisonRequest.js';
import type { GateRequest as _capstan_v1_GateRequest, GateRequest__Output as _capstan_v1_GateRequest__Output } from '../../capstan/v1/GateRequest.js';
import type { GetApplicationRequest as _capstan_v1_GetApplicationRequest, GetApplicationRequest__Output as _capstan_v1_GetApplicationRequest__Output } from '../../capstan/v1/GetApplicationRequest.js';
import type { GetConfigRequest as _capstan_v1_GetConfigRequest, GetConfigRequest__Output as _capstan_v1_GetConfigRequest__Output } from '../../capstan/v1/GetConfigRequest.js';
import type { GetNodeRequest as _capstan_v1_GetNodeRequest, GetNodeRequest__Output as _capstan_v1_GetNodeRequest__Output } from '../../capstan/v1/GetNodeRequest.js';
import type { GetReleaseRequest as _capstan_v1_GetReleaseRequest, GetReleaseRequest__Output as _capstan_v1_GetReleaseRequest__Output } from '../../capstan/v1/GetReleaseRequest.js';
import type { GetRolloutRequest as _capstan_v1_GetRolloutRequest, GetRolloutRequest__Output as _capstan_v1_GetRolloutRequest__Output } from '../../capstan/v1/GetRolloutRequest.js';
import type { GetSelfRequest as _capstan_v1_GetSelfRequest, GetSelfRequest__Output as _capstan_v1_GetSelfRequest__Output } from '../../capstan/v1/GetSelfRequest.js';
import type { LabelNodeRequest as _capstan_v1_LabelNodeRequest, LabelNodeRequest__Output as _capstan_v1_LabelNodeRequest__Output } from '../../capstan/v1/LabelNodeRequest.js';
import type { ListApplicationsRequest as _capstan_v1_ListApplicationsRequest, ListApplicationsRequest__Output as _capstan_v1_ListApplicationsRequest__Output } from '../../capstan/v1/ListApplicationsRequest.js';
import type { ListApplicationsResponse as _capstan_v1_ListApplicationsResponse, ListApplicationsResponse__Output as _capstan_v1_ListApplicationsResponse__Output } from '../../capstan/v1/ListApplicationsResponse.js';
import type { ListConfigsRequest as _capstan_v1_ListConfigsRequest, ListConfigsRequest__Output as _capstan_v1_ListConfigsRequest__Output } from '../../capstan/v1/ListConfigsRequest.js';
import type { ListConfigsResponse as _capstan_v1_ListConfigsResponse, ListConfigsResponse__Output as _capstan_v1_ListConfigsResponse__Output } from '../../capstan/v1/ListConfigsResponse.js';
import type { ListConsumersRequest as _capstan_v1_ListConsumersRequest, ListConsumersRequest__Output as _capstan_v1_ListConsumersRequest__Output } from '../../capstan/v1/ListConsumersRequest.js';
import type { ListConsumersResponse as _capstan_v1_ListConsumersResponse, ListConsumersResponse__Output as _capstan_v1_ListConsumersResponse__Output } from '../../capstan/v1/ListConsumersResponse.js';
import type { ListEventsRequest as _capstan_v1_ListEventsRequest, ListEventsRequest__Output as _capstan_v1_ListEventsRequest__Output } from '../../capstan/v1/ListEventsRequest.js';
import type { ListNodesRequest as _capstan_v1_ListNodesRequest, ListNodesRequest__Output as _capstan_v1_ListNodesRequest__Output } from '../../capstan/v1/ListNodesRequest.js';
import type { ListNodesResponse as _capstan_v1_ListNodesResponse, ListNodesResponse__Output as _capstan_v1_ListNodesResponse__Output } from '../../capstan/v1/ListNodesResponse.js';
import type { ListOperatorsRequest as _capstan_v1_ListOperatorsRequest, ListOperatorsRequest__Output as _capstan_v1_ListOperatorsRequest__Output } from '../../capstan/v1/ListOperatorsRequest.js';
import type { ListOperatorsResponse as _capstan_v1_ListOperatorsResponse, ListOperatorsResponse__Output as _capstan_v1_ListOperatorsResponse__Output } from '../../capstan/v1/ListOperatorsResponse.js';
import type { ListPoisonRequest as _capstan_v1_ListPoisonRequest, ListPoisonRequest__Output as _capstan_v1_ListPoisonRequest__Output } from '../../capstan/v1/ListPoisonRequest.js';
import type { ListPoisonResponse as _capstan_v1_ListPoisonResponse, ListPoisonResponse__Output as _capstan_v1_ListPoisonResponse__Output } from '../../capstan/v1/ListPoisonResponse.js';
import type { ListReleasesRequest as _capstan_v1_ListReleasesRequest, ListReleasesRequest__Output as _capstan_v1_ListReleasesRequest__Output } from '../../capstan/v1/ListReleasesRequest.js';
import type { ListReleasesResponse as _capstan_v1_ListReleasesResponse, ListReleasesResponse__Output as _capstan_v1_ListReleasesResponse__Output } from '../../capstan/v1/ListReleasesResponse.js';
import type { ListRolloutsRequest as _capstan_v1_ListRolloutsRequest, ListRolloutsRequest__Output as _capstan_v1_ListRolloutsRequest__Output } from '../../capstan/v1/ListRolloutsRequest.js';
import type { ListRolloutsResponse as _capstan_v1_ListRolloutsResponse, ListRolloutsResponse__Output as _capstan_v1_ListRolloutsResponse__Output } from '../../capstan/v1/ListRolloutsResponse.js';
import type { ListTokensRequest as _capstan_v1_ListTokensRequest, ListTokensRequest__Output as _capstan_v1_ListTokensRequest__Output } from '../../capstan/v1/ListTokensRequest.js';
import type { ListTokensResponse as _capstan_v1_ListTokensResponse, ListTokensResponse__Output as _capstan_v1_ListTokensResponse__Output } from '../../capstan/v1/ListTokensResponse.js';
import type { LockEnvironmentRequest as _capstan_v1_LockEnvironmentRequest, LockEnvironmentRequest__Output as _capstan_v1_LockEnvironmentRequest__Output } from '../../capstan/v1/LockEnvironmentRequest.js';
import type { LockView as _capstan_v1_LockView, LockView__Output as _capstan_v1_LockView__Output } from '../../capstan/v1/LockView.js';
import type { LogsRequest as _capstan_v1_LogsRequest, LogsRequest__Output as _capstan_v1_LogsRequest__Output } from '../../capstan/v1/LogsRequest.js';
import type { LogsResponse as _capstan_v1_LogsResponse, LogsResponse__Output as _capstan_v1_LogsResponse__Output } from '../../capstan/v1/LogsResponse.js';
import type { NodeView as _capstan_v1_NodeView, NodeView__Output as _capstan_v1_NodeView__Output } from '../../capstan/v1/NodeView.js';
import type { OperatorView as _capstan_v1_OperatorView, OperatorView__Output as _capstan_v1_OperatorView__Output } from '../../capstan/v1/OperatorView.js';
import type { PlanRequest as _capstan_v1_PlanRequest, PlanRequest__Output as _capstan_v1_PlanRequest__Output } from '../../capstan/v1/PlanRequest.js';
import type { PlanResponse as _capstan_v1_PlanResponse, PlanResponse__Output as _capstan_v1_PlanResponse__Output } from '../../capstan/v1/PlanResponse.js';
import type { PoisonView as _capstan_v1_PoisonView, PoisonView__Output as _capstan_v1_PoisonView__Output } from '../../capstan/v1/PoisonView.js';
import type { PromotionResponse as _capstan_v1_PromotionResponse, PromotionResponse__Output as _capstan_v1_PromotionResponse__Output } from '../../capstan/v1/PromotionResponse.js';
import type { RecordCheckRequest as _capstan_v1_RecordCheckRequest, RecordCheckRequest__Output as _capstan_v1_RecordCheckRequest__Output } from '../../capstan/v1/RecordCheckRequest.js';
import type { RegisterReleaseRequest as _capstan_v1_RegisterReleaseRequest, RegisterReleaseRequest__Output as _capstan_v1_RegisterReleaseRequest__Output } from '../../capstan/v1/RegisterReleaseRequest.js';
import type { RegisterReleaseResponse as _capstan_v1_RegisterReleaseResponse, RegisterReleaseResponse__Output as _capstan_v1_RegisterReleaseResponse__Output } from '../../capstan/v1/RegisterReleaseResponse.js';
import type { ReleaseView as _capstan_v1_ReleaseView, ReleaseView__Output as _capstan_v1_ReleaseView__Output } from '../../capstan/v1/ReleaseView.js';
import type { RemoveApplicationRequest as _capstan_v1_RemoveApplicationRequest, RemoveApplicationRequest__Output as _capstan_v1_RemoveApplicationRequest__Output } from '../../capstan/v1/RemoveApplicationRequest.js';
import type { RemoveApplicationResponse as _capstan_v1_RemoveApplicationResponse, RemoveApplicationResponse__Output as _capstan_v1_RemoveApplicationResponse__Output } from '../../capstan/v1/RemoveApplicationResponse.js';
import type { RestartRequest as _capstan_v1_RestartRequest, RestartRequest__Output as _capstan_v1_RestartRequest__Output } from '../../capstan/v1/RestartRequest.js';
import type { RevokeOperatorRequest as _capstan_v1_RevokeOperatorRequest, RevokeOperatorRequest__Output as _capstan_v1_RevokeOperatorRequest__Output } from '../../capstan/v1/RevokeOperatorRequest.js';
import type { RevokeTokenRequest as _capstan_v1_RevokeTokenRequest, RevokeTokenRequest__Output as _capstan_v1_RevokeTokenRequest__Output } from '../../capstan/v1/RevokeTokenRequest.js';
import type { RollbackRequest as _capstan_v1_RollbackRequest, RollbackRequest__Output as _capstan_v1_RollbackRequest__Output } from '../../capstan/v1/RollbackRequest.js';
import type { RolloutView as _capstan_v1_RolloutView, RolloutView__Output as _capstan_v1_RolloutView__Output } from '../../capstan/v1/RolloutView.js';
import type { ShowCaRequest as _capstan_v1_ShowCaRequest, ShowCaRequest__Output as _capstan_v1_ShowCaRequest__Output } from '../../capstan/v1/ShowCaRequest.js';
import type { SignReleaseRequest as _capstan_v1_SignReleaseRequest, SignReleaseRequest__Output as _capstan_v1_SignReleaseRequest__Output } from '../../capstan/v1/SignReleaseRequest.js';
import type { StatusRequest as _capstan_v1_StatusRequest, StatusRequest__Output as _capstan_v1_StatusRequest__Output } from '../../capstan/v1/StatusRequest.js';
import type { StatusResponse as _capstan_v1_StatusResponse, StatusResponse__Output as _capstan_v1_StatusResponse__Output } from '../../capstan/v1/StatusResponse.js';
import type { TokenView as _capstan_v1_TokenView, TokenView__Output as _capstan_v1_TokenView__Output } from '../../capstan/v1/TokenView.js';
import type { UnlockEnvironmentRequest as _capstan_v1_UnlockEnvironmentRequest, UnlockEnvironmentRequest__Output as _capstan_v1_UnlockEnvironmentRequest__Output } from '../../capstan/v1/UnlockEnvironmentRequest.js';
import type { VerifyEventsProgress as _capstan_v1_VerifyEventsProgress, VerifyEventsProgress__Output as _capstan_v1_VerifyEventsProgress__Output } from '../../capstan/v1/VerifyEventsProgress.js';
import type { VerifyEventsRequest as _capstan_v1_VerifyEventsRequest, VerifyEventsRequest__Output as _capstan_v1_VerifyEventsRequest__Output } from '../../capstan/v1/VerifyEventsRequest.js';
import type { VerifyStoreProgress as _capstan_v1_VerifyStoreProgress, VerifyStoreProgress__Output as _capstan_v1_VerifyStoreProgress__Output } from '../../capstan/v1/VerifyStoreProgress.js';
import type { VerifyStoreRequest as _capstan_v1_VerifyStoreRequest, VerifyStoreRequest__Output as _capstan_v1_VerifyStoreRequest__Output } from '../../capstan/v1/VerifyStoreRequest.js';
import type { WhyRequest as _capstan_v1_WhyRequest, WhyRequest__Output as _capstan_v1_WhyRequest__Output } from '../../capstan/v1/WhyRequest.js';
import type { WhyResponse as _capstan_v1_WhyResponse, WhyResponse__Output as _capstan_v1_WhyResponse__Output } from '../../capstan/v1/WhyResponse.js';

export interface OperatorServiceClient extends grpc.Client {
  AcknowledgeEvents(argument: _capstan_v1_AcknowledgeEventsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_ConsumerView__Output>): grpc.ClientUnaryCall;
  AcknowledgeEvents(argument: _capstan_v1_AcknowledgeEventsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_ConsumerView__Output>): grpc.ClientUnaryCall;
  AcknowledgeEvents(argument: _capstan_v1_AcknowledgeEventsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_ConsumerView__Output>): grpc.ClientUnaryCall;
  AcknowledgeEvents(argument: _capstan_v1_AcknowledgeEventsRequest, callback: grpc.requestCallback<_capstan_v1_ConsumerView__Output>): grpc.ClientUnaryCall;
  acknowledgeEvents(argument: _capstan_v1_AcknowledgeEventsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_ConsumerView__Output>): grpc.ClientUnaryCall;
  acknowledgeEvents(argument: _capstan_v1_AcknowledgeEventsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_ConsumerView__Output>): grpc.ClientUnaryCall;
  acknowledgeEvents(argument: _capstan_v1_AcknowledgeEventsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_ConsumerView__Output>): grpc.ClientUnaryCall;
  acknowledgeEvents(argument: _capstan_v1_AcknowledgeEventsRequest, callback: grpc.requestCallback<_capstan_v1_ConsumerView__Output>): grpc.ClientUnaryCall;
  
  Apply(argument: _capstan_v1_ApplyRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_ApplyResponse__Output>): grpc.ClientUnaryCall;
  Apply(argument: _capstan_v1_ApplyRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_ApplyResponse__Output>): grpc.ClientUnaryCall;
  Apply(argument: _capstan_v1_ApplyRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_ApplyResponse__Output>): grpc.ClientUnaryCall;
  Apply(argument: _capstan_v1_ApplyRequest, callback: grpc.requestCallback<_capstan_v1_ApplyResponse__Output>): grpc.ClientUnaryCall;
  apply(argument: _capstan_v1_ApplyRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_ApplyResponse__Output>): grpc.ClientUnaryCall;
  apply(argument: _capstan_v1_ApplyRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_ApplyResponse__Output>): grpc.ClientUnaryCall;
  apply(argument: _capstan_v1_ApplyRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_ApplyResponse__Output>): grpc.ClientUnaryCall;
  apply(argument: _capstan_v1_ApplyRequest, callback: grpc.requestCallback<_capstan_v1_ApplyResponse__Output>): grpc.ClientUnaryCall;
  
  ApproveRelease(argument: _capstan_v1_GateRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_PromotionResponse__Output>): grpc.ClientUnaryCall;
  ApproveRelease(argument: _capstan_v1_GateRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_PromotionResponse__Output>): grpc.ClientUnaryCall;
  ApproveRelease(argument: _capstan_v1_GateRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_PromotionResponse__Output>): grpc.ClientUnaryCall;
  ApproveRelease(argument: _capstan_v1_GateRequest, callback: grpc.requestCallback<_capstan_v1_PromotionResponse__Output>): grpc.ClientUnaryCall;
  approveRelease(argument: _capstan_v1_GateRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_PromotionResponse__Output>): grpc.ClientUnaryCall;
  approveRelease(argument: _capstan_v1_GateRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_PromotionResponse__Output>): grpc.ClientUnaryCall;
  approveRelease(argument: _capstan_v1_GateRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_PromotionResponse__Output>): grpc.ClientUnaryCall;
  approveRelease(argument: _capstan_v1_GateRequest, callback: grpc.requestCallback<_capstan_v1_PromotionResponse__Output>): grpc.ClientUnaryCall;
  
  BeginPublish(argument: _capstan_v1_BeginPublishRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_BeginPublishResponse__Output>): grpc.ClientUnaryCall;
  BeginPublish(argument: _capstan_v1_BeginPublishRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_BeginPublishResponse__Output>): grpc.ClientUnaryCall;
  BeginPublish(argument: _capstan_v1_BeginPublishRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_BeginPublishResponse__Output>): grpc.ClientUnaryCall;
  BeginPublish(argument: _capstan_v1_BeginPublishRequest, callback: grpc.requestCallback<_capstan_v1_BeginPublishResponse__Output>): grpc.ClientUnaryCall;
  beginPublish(argument: _capstan_v1_BeginPublishRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_BeginPublishResponse__Output>): grpc.ClientUnaryCall;
  beginPublish(argument: _capstan_v1_BeginPublishRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_BeginPublishResponse__Output>): grpc.ClientUnaryCall;
  beginPublish(argument: _capstan_v1_BeginPublishRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_BeginPublishResponse__Output>): grpc.ClientUnaryCall;
  beginPublish(argument: _capstan_v1_BeginPublishRequest, callback: grpc.requestCallback<_capstan_v1_BeginPublishResponse__Output>): grpc.ClientUnaryCall;
  
  ClaimObjects(argument: _capstan_v1_ClaimObjectsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_ClaimObjectsResponse__Output>): grpc.ClientUnaryCall;
  ClaimObjects(argument: _capstan_v1_ClaimObjectsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_ClaimObjectsResponse__Output>): grpc.ClientUnaryCall;
  ClaimObjects(argument: _capstan_v1_ClaimObjectsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_ClaimObjectsResponse__Output>): grpc.ClientUnaryCall;
  ClaimObjects(argument: _capstan_v1_ClaimObjectsRequest, callback: grpc.requestCallback<_capstan_v1_ClaimObjectsResponse__Output>): grpc.ClientUnaryCall;
  claimObjects(argument: _capstan_v1_ClaimObjectsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_ClaimObjectsResponse__Output>): grpc.ClientUnaryCall;
  claimObjects(argument: _capstan_v1_ClaimObjectsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_ClaimObjectsResponse__Output>): grpc.ClientUnaryCall;
  claimObjects(argument: _capstan_v1_ClaimObjectsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_ClaimObjectsResponse__Output>): grpc.ClientUnaryCall;
  claimObjects(argument: _capstan_v1_ClaimObjectsRequest, callback: grpc.requestCallback<_capstan_v1_ClaimObjectsResponse__Output>): grpc.ClientUnaryCall;
  
  CollectGarbage(argument: _capstan_v1_CollectGarbageRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_capstan_v1_CollectGarbageProgress__Output>;
  CollectGarbage(argument: _capstan_v1_CollectGarbageRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_capstan_v1_CollectGarbageProgress__Output>;
  collectGarbage(argument: _capstan_v1_CollectGarbageRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_capstan_v1_CollectGarbageProgress__Output>;
  collectGarbage(argument: _capstan_v1_CollectGarbageRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_capstan_v1_CollectGarbageProgress__Output>;
  
  ControlRollout(argument: _capstan_v1_ControlRolloutRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_RolloutView__Output>): grpc.ClientUnaryCall;
  ControlRollout(argument: _capstan_v1_ControlRolloutRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_RolloutView__Output>): grpc.ClientUnaryCall;
  ControlRollout(argument: _capstan_v1_ControlRolloutRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_RolloutView__Output>): grpc.ClientUnaryCall;
  ControlRollout(argument: _capstan_v1_ControlRolloutRequest, callback: grpc.requestCallback<_capstan_v1_RolloutView__Output>): grpc.ClientUnaryCall;
  controlRollout(argument: _capstan_v1_ControlRolloutRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_RolloutView__Output>): grpc.ClientUnaryCall;
  controlRollout(argument: _capstan_v1_ControlRolloutRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_RolloutView__Output>): grpc.ClientUnaryCall;
  controlRollout(argument: _capstan_v1_ControlRolloutRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_RolloutView__Output>): grpc.ClientUnaryCall;
  controlRollout(argument: _capstan_v1_ControlRolloutRequest, callback: grpc.requestCallback<_capstan_v1_RolloutView__Output>): grpc.ClientUnaryCall;
  
  CopyDatabase(argument: _capstan_v1_CopyDatabaseRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_capstan_v1_DatabasePiece__Output>;
  CopyDatabase(argument: _capstan_v1_CopyDatabaseRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_capstan_v1_DatabasePiece__Output>;
  copyDatabase(argument: _capstan_v1_CopyDatabaseRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_capstan_v1_DatabasePiece__Output>;
  copyDatabase(argument: _capstan_v1_CopyDatabaseRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_capstan_v1_DatabasePiece__Output>;
  
  CreateOperator(argument: _capstan_v1_CreateOperatorRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_OperatorView__Output>): grpc.ClientUnaryCall;
  CreateOperator(argument: _capstan_v1_CreateOperatorRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_OperatorView__Output>): grpc.ClientUnaryCall;
  CreateOperator(argument: _capstan_v1_CreateOperatorRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_OperatorView__Output>): grpc.ClientUnaryCall;
  CreateOperator(argument: _capstan_v1_CreateOperatorRequest, callback: grpc.requestCallback<_capstan_v1_OperatorView__Output>): grpc.ClientUnaryCall;
  createOperator(argument: _capstan_v1_CreateOperatorRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_OperatorView__Output>): grpc.ClientUnaryCall;
  createOperator(argument: _capstan_v1_CreateOperatorRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_OperatorView__Output>): grpc.ClientUnaryCall;
  createOperator(argument: _capstan_v1_CreateOperatorRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_OperatorView__Output>): grpc.ClientUnaryCall;
  createOperator(argument: _capstan_v1_CreateOperatorRequest, callback: grpc.requestCallback<_capstan_v1_OperatorView__Output>): grpc.ClientUnaryCall;
  
  CreateToken(argument: _capstan_v1_CreateTokenRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_TokenView__Output>): grpc.ClientUnaryCall;
  CreateToken(argument: _capstan_v1_CreateTokenRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_TokenView__Output>): grpc.ClientUnaryCall;
  CreateToken(argument: _capstan_v1_CreateTokenRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_TokenView__Output>): grpc.ClientUnaryCall;
  CreateToken(argument: _capstan_v1_CreateTokenRequest, callback: grpc.requestCallback<_capstan_v1_TokenView__Output>): grpc.ClientUnaryCall;
  createToken(argument: _capstan_v1_CreateTokenRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_TokenView__Output>): grpc.ClientUnaryCall;
  createToken(argument: _capstan_v1_CreateTokenRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_TokenView__Output>): grpc.ClientUnaryCall;
  createToken(argument: _capstan_v1_CreateTokenRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_TokenView__Output>): grpc.ClientUnaryCall;
  createToken(argument: _capstan_v1_CreateTokenRequest, callback: grpc.requestCallback<_capstan_v1_TokenView__Output>): grpc.ClientUnaryCall;
  
  DecommissionNode(argument: _capstan_v1_DecommissionNodeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_DecommissionNodeResponse__Output>): grpc.ClientUnaryCall;
  DecommissionNode(argument: _capstan_v1_DecommissionNodeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_DecommissionNodeResponse__Output>): grpc.ClientUnaryCall;
  DecommissionNode(argument: _capstan_v1_DecommissionNodeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_DecommissionNodeResponse__Output>): grpc.ClientUnaryCall;
  DecommissionNode(argument: _capstan_v1_DecommissionNodeRequest, callback: grpc.requestCallback<_capstan_v1_DecommissionNodeResponse__Output>): grpc.ClientUnaryCall;
  decommissionNode(argument: _capstan_v1_DecommissionNodeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_DecommissionNodeResponse__Output>): grpc.ClientUnaryCall;
  decommissionNode(argument: _capstan_v1_DecommissionNodeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_DecommissionNodeResponse__Output>): grpc.ClientUnaryCall;
  decommissionNode(argument: _capstan_v1_DecommissionNodeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_DecommissionNodeResponse__Output>): grpc.ClientUnaryCall;
  decommissionNode(argument: _capstan_v1_DecommissionNodeRequest, callback: grpc.requestCallback<_capstan_v1_DecommissionNodeResponse__Output>): grpc.ClientUnaryCall;
  
  Deploy(argument: _capstan_v1_DeployRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_DeployResponse__Output>): grpc.ClientUnaryCall;
  Deploy(argument: _capstan_v1_DeployRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_DeployResponse__Output>): grpc.ClientUnaryCall;
  Deploy(argument: _capstan_v1_DeployRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_DeployResponse__Output>): grpc.ClientUnaryCall;
  Deploy(argument: _capstan_v1_DeployRequest, callback: grpc.requestCallback<_capstan_v1_DeployResponse__Output>): grpc.ClientUnaryCall;
  deploy(argument: _capstan_v1_DeployRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_DeployResponse__Output>): grpc.ClientUnaryCall;
  deploy(argument: _capstan_v1_DeployRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_DeployResponse__Output>): grpc.ClientUnaryCall;
  deploy(argument: _capstan_v1_DeployRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_DeployResponse__Output>): grpc.ClientUnaryCall;
  deploy(argument: _capstan_v1_DeployRequest, callback: grpc.requestCallback<_capstan_v1_DeployResponse__Output>): grpc.ClientUnaryCall;
  
  ForgetConsumer(argument: _capstan_v1_ForgetConsumerRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_ForgetConsumerResponse__Output>): grpc.ClientUnaryCall;
  ForgetConsumer(argument: _capstan_v1_ForgetConsumerRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_ForgetConsumerResponse__Output>): grpc.ClientUnaryCall;
  ForgetConsumer(argument: _capstan_v1_ForgetConsumerRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_ForgetConsumerResponse__Output>): grpc.ClientUnaryCall;
  ForgetConsumer(argument: _capstan_v1_ForgetConsumerRequest, callback: grpc.requestCallback<_capstan_v1_ForgetConsumerResponse__Output>): grpc.ClientUnaryCall;
  forgetConsumer(argument: _capstan_v1_ForgetConsumerRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_ForgetConsumerResponse__Output>): grpc.ClientUnaryCall;
  forgetConsumer(argument: _capstan_v1_ForgetConsumerRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_ForgetConsumerResponse__Output>): grpc.ClientUnaryCall;
  forgetConsumer(argument: _capstan_v1_ForgetConsumerRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_ForgetConsumerResponse__Output>): grpc.ClientUnaryCall;
  forgetConsumer(argument: _capstan_v1_ForgetConsumerRequest, callback: grpc.requestCallback<_capstan_v1_ForgetConsumerResponse__Output>): grpc.ClientUnaryCall;
  
  ForgivePoison(argument: _capstan_v1_ForgivePoisonRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_PoisonView__Output>): grpc.ClientUnaryCall;
  ForgivePoison(argument: _capstan_v1_ForgivePoisonRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_PoisonView__Output>): grpc.ClientUnaryCall;
  ForgivePoison(argument: _capstan_v1_ForgivePoisonRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_PoisonView__Output>): grpc.ClientUnaryCall;
  ForgivePoison(argument: _capstan_v1_ForgivePoisonRequest, callback: grpc.requestCallback<_capstan_v1_PoisonView__Output>): grpc.ClientUnaryCall;
  forgivePoison(argument: _capstan_v1_ForgivePoisonRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_PoisonView__Output>): grpc.ClientUnaryCall;
  forgivePoison(argument: _capstan_v1_ForgivePoisonRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_PoisonView__Output>): grpc.ClientUnaryCall;
  forgivePoison(argument: _capstan_v1_ForgivePoisonRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_PoisonView__Output>): grpc.ClientUnaryCall;
  forgivePoison(argument: _capstan_v1_ForgivePoisonRequest, callback: grpc.requestCallback<_capstan_v1_PoisonView__Output>): grpc.ClientUnaryCall;
  
  GetApplication(argument: _capstan_v1_GetApplicationRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_ApplicationView__Output>): grpc.ClientUnaryCall;
  GetApplication(argument: _capstan_v1_GetApplicationRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_ApplicationView__Output>): grpc.ClientUnaryCall;
  GetApplication(argument: _capstan_v1_GetApplicationRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_ApplicationView__Output>): grpc.ClientUnaryCall;
  GetApplication(argument: _capstan_v1_GetApplicationRequest, callback: grpc.requestCallback<_capstan_v1_ApplicationView__Output>): grpc.ClientUnaryCall;
  getApplication(argument: _capstan_v1_GetApplicationRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_ApplicationView__Output>): grpc.ClientUnaryCall;
  getApplication(argument: _capstan_v1_GetApplicationRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_ApplicationView__Output>): grpc.ClientUnaryCall;
  getApplication(argument: _capstan_v1_GetApplicationRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_ApplicationView__Output>): grpc.ClientUnaryCall;
  getApplication(argument: _capstan_v1_GetApplicationRequest, callback: grpc.requestCallback<_capstan_v1_ApplicationView__Output>): grpc.ClientUnaryCall;
  
  GetConfig(argument: _capstan_v1_GetConfigRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_ConfigView__Output>): grpc.ClientUnaryCall;
  GetConfig(argument: _capstan_v1_GetConfigRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_ConfigView__Output>): grpc.ClientUnaryCall;
  GetConfig(argument: _capstan_v1_GetConfigRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_ConfigView__Output>): grpc.ClientUnaryCall;
  GetConfig(argument: _capstan_v1_GetConfigRequest, callback: grpc.requestCallback<_capstan_v1_ConfigView__Output>): grpc.ClientUnaryCall;
  getConfig(argument: _capstan_v1_GetConfigRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_ConfigView__Output>): grpc.ClientUnaryCall;
  getConfig(argument: _capstan_v1_GetConfigRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_ConfigView__Output>): grpc.ClientUnaryCall;
  getConfig(argument: _capstan_v1_GetConfigRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_ConfigView__Output>): grpc.ClientUnaryCall;
  getConfig(argument: _capstan_v1_GetConfigRequest, callback: grpc.requestCallback<_capstan_v1_ConfigView__Output>): grpc.ClientUnaryCall;
  
  GetNode(argument: _capstan_v1_GetNodeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_NodeView__Output>): grpc.ClientUnaryCall;
  GetNode(argument: _capstan_v1_GetNodeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_NodeView__Output>): grpc.ClientUnaryCall;
  GetNode(argument: _capstan_v1_GetNodeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_NodeView__Output>): grpc.ClientUnaryCall;
  GetNode(argument: _capstan_v1_GetNodeRequest, callback: grpc.requestCallback<_capstan_v1_NodeView__Output>): grpc.ClientUnaryCall;
  getNode(argument: _capstan_v1_GetNodeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_NodeView__Output>): grpc.ClientUnaryCall;
  getNode(argument: _capstan_v1_GetNodeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_NodeView__Output>): grpc.ClientUnaryCall;
  getNode(argument: _capstan_v1_GetNodeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_NodeView__Output>): grpc.ClientUnaryCall;
  getNode(argument: _capstan_v1_GetNodeRequest, callback: grpc.requestCallback<_capstan_v1_NodeView__Output>): grpc.ClientUnaryCall;
  
  GetRelease(argument: _capstan_v1_GetReleaseRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_ReleaseView__Output>): grpc.ClientUnaryCall;
  GetRelease(argument: _capstan_v1_GetReleaseRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_ReleaseView__Output>): grpc.ClientUnaryCall;
  GetRelease(argument: _capstan_v1_GetReleaseRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_ReleaseView__Output>): grpc.ClientUnaryCall;
  GetRelease(argument: _capstan_v1_GetReleaseRequest, callback: grpc.requestCallback<_capstan_v1_ReleaseView__Output>): grpc.ClientUnaryCall;
  getRelease(argument: _capstan_v1_GetReleaseRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_ReleaseView__Output>): grpc.ClientUnaryCall;
  getRelease(argument: _capstan_v1_GetReleaseRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_ReleaseView__Output>): grpc.ClientUnaryCall;
  getRelease(argument: _capstan_v1_GetReleaseRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_ReleaseView__Output>): grpc.ClientUnaryCall;
  getRelease(argument: _capstan_v1_GetReleaseRequest, callback: grpc.requestCallback<_capstan_v1_ReleaseView__Output>): grpc.ClientUnaryCall;
  
  GetRollout(argument: _capstan_v1_GetRolloutRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_RolloutView__Output>): grpc.ClientUnaryCall;
  GetRollout(argument: _capstan_v1_GetRolloutRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_RolloutView__Output>): grpc.ClientUnaryCall;
  GetRollout(argument: _capstan_v1_GetRolloutRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_RolloutView__Output>): grpc.ClientUnaryCall;
  GetRollout(argument: _capstan_v1_GetRolloutRequest, callback: grpc.requestCallback<_capstan_v1_RolloutView__Output>): grpc.ClientUnaryCall;
  getRollout(argument: _capstan_v1_GetRolloutRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_RolloutView__Output>): grpc.ClientUnaryCall;
  getRollout(argument: _capstan_v1_GetRolloutRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_RolloutView__Output>): grpc.ClientUnaryCall;
  getRollout(argument: _capstan_v1_GetRolloutRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_RolloutView__Output>): grpc.ClientUnaryCall;
  getRollout(argument: _capstan_v1_GetRolloutRequest, callback: grpc.requestCallback<_capstan_v1_RolloutView__Output>): grpc.ClientUnaryCall;
  
  GetSelf(argument: _capstan_v1_GetSelfRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_OperatorView__Output>): grpc.ClientUnaryCall;
  GetSelf(argument: _capstan_v1_GetSelfRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_OperatorView__Output>): grpc.ClientUnaryCall;
  GetSelf(argument: _capstan_v1_GetSelfRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_OperatorView__Output>): grpc.ClientUnaryCall;
  GetSelf(argument: _capstan_v1_GetSelfRequest, callback: grpc.requestCallback<_capstan_v1_OperatorView__Output>): grpc.ClientUnaryCall;
  getSelf(argument: _capstan_v1_GetSelfRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_OperatorView__Output>): grpc.ClientUnaryCall;
  getSelf(argument: _capstan_v1_GetSelfRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_OperatorView__Output>): grpc.ClientUnaryCall;
  getSelf(argument: _capstan_v1_GetSelfRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_OperatorView__Output>): grpc.ClientUnaryCall;
  getSelf(argument: _capstan_v1_GetSelfRequest, callback: grpc.requestCallback<_capstan_v1_OperatorView__Output>): grpc.ClientUnaryCall;
  
  LabelNode(argument: _capstan_v1_LabelNodeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_NodeView__Output>): grpc.ClientUnaryCall;
  LabelNode(argument: _capstan_v1_LabelNodeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_NodeView__Output>): grpc.ClientUnaryCall;
  LabelNode(argument: _capstan_v1_LabelNodeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_NodeView__Output>): grpc.ClientUnaryCall;
  LabelNode(argument: _capstan_v1_LabelNodeRequest, callback: grpc.requestCallback<_capstan_v1_NodeView__Output>): grpc.ClientUnaryCall;
  labelNode(argument: _capstan_v1_LabelNodeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_NodeView__Output>): grpc.ClientUnaryCall;
  labelNode(argument: _capstan_v1_LabelNodeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_NodeView__Output>): grpc.ClientUnaryCall;
  labelNode(argument: _capstan_v1_LabelNodeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_NodeView__Output>): grpc.ClientUnaryCall;
  labelNode(argument: _capstan_v1_LabelNodeRequest, callback: grpc.requestCallback<_capstan_v1_NodeView__Output>): grpc.ClientUnaryCall;
  
  ListApplications(argument: _capstan_v1_ListApplicationsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_ListApplicationsResponse__Output>): grpc.ClientUnaryCall;
  ListApplications(argument: _capstan_v1_ListApplicationsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_ListApplicationsResponse__Output>): grpc.ClientUnaryCall;
  ListApplications(argument: _capstan_v1_ListApplicationsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_ListApplicationsResponse__Output>): grpc.ClientUnaryCall;
  ListApplications(argument: _capstan_v1_ListApplicationsRequest, callback: grpc.requestCallback<_capstan_v1_ListApplicationsResponse__Output>): grpc.ClientUnaryCall;
  listApplications(argument: _capstan_v1_ListApplicationsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_ListApplicationsResponse__Output>): grpc.ClientUnaryCall;
  listApplications(argument: _capstan_v1_ListApplicationsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_ListApplicationsResponse__Output>): grpc.ClientUnaryCall;
  listApplications(argument: _capstan_v1_ListApplicationsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_ListApplicationsResponse__Output>): grpc.ClientUnaryCall;
  listApplications(argument: _capstan_v1_ListApplicationsRequest, callback: grpc.requestCallback<_capstan_v1_ListApplicationsResponse__Output>): grpc.ClientUnaryCall;
  
  ListConfigs(argument: _capstan_v1_ListConfigsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_ListConfigsResponse__Output>): grpc.ClientUnaryCall;
  ListConfigs(argument: _capstan_v1_ListConfigsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_ListConfigsResponse__Output>): grpc.ClientUnaryCall;
  ListConfigs(argument: _capstan_v1_ListConfigsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_ListConfigsResponse__Output>): grpc.ClientUnaryCall;
  ListConfigs(argument: _capstan_v1_ListConfigsRequest, callback: grpc.requestCallback<_capstan_v1_ListConfigsResponse__Output>): grpc.ClientUnaryCall;
  listConfigs(argument: _capstan_v1_ListConfigsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_ListConfigsResponse__Output>): grpc.ClientUnaryCall;
  listConfigs(argument: _capstan_v1_ListConfigsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_ListConfigsResponse__Output>): grpc.ClientUnaryCall;
  listConfigs(argument: _capstan_v1_ListConfigsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_ListConfigsResponse__Output>): grpc.ClientUnaryCall;
  listConfigs(argument: _capstan_v1_ListConfigsRequest, callback: grpc.requestCallback<_capstan_v1_ListConfigsResponse__Output>): grpc.ClientUnaryCall;
  
  ListConsumers(argument: _capstan_v1_ListConsumersRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_ListConsumersResponse__Output>): grpc.ClientUnaryCall;
  ListConsumers(argument: _capstan_v1_ListConsumersRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_ListConsumersResponse__Output>): grpc.ClientUnaryCall;
  ListConsumers(argument: _capstan_v1_ListConsumersRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_ListConsumersResponse__Output>): grpc.ClientUnaryCall;
  ListConsumers(argument: _capstan_v1_ListConsumersRequest, callback: grpc.requestCallback<_capstan_v1_ListConsumersResponse__Output>): grpc.ClientUnaryCall;
  listConsumers(argument: _capstan_v1_ListConsumersRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_ListConsumersResponse__Output>): grpc.ClientUnaryCall;
  listConsumers(argument: _capstan_v1_ListConsumersRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_ListConsumersResponse__Output>): grpc.ClientUnaryCall;
  listConsumers(argument: _capstan_v1_ListConsumersRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_ListConsumersResponse__Output>): grpc.ClientUnaryCall;
  listConsumers(argument: _capstan_v1_ListConsumersRequest, callback: grpc.requestCallback<_capstan_v1_ListConsumersResponse__Output>): grpc.ClientUnaryCall;
  
  ListEvents(argument: _capstan_v1_ListEventsRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_capstan_v1_Event__Output>;
  ListEvents(argument: _capstan_v1_ListEventsRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_capstan_v1_Event__Output>;
  listEvents(argument: _capstan_v1_ListEventsRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_capstan_v1_Event__Output>;
  listEvents(argument: _capstan_v1_ListEventsRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_capstan_v1_Event__Output>;
  
  ListNodes(argument: _capstan_v1_ListNodesRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_ListNodesResponse__Output>): grpc.ClientUnaryCall;
  ListNodes(argument: _capstan_v1_ListNodesRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_ListNodesResponse__Output>): grpc.ClientUnaryCall;
  ListNodes(argument: _capstan_v1_ListNodesRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_ListNodesResponse__Output>): grpc.ClientUnaryCall;
  ListNodes(argument: _capstan_v1_ListNodesRequest, callback: grpc.requestCallback<_capstan_v1_ListNodesResponse__Output>): grpc.ClientUnaryCall;
  listNodes(argument: _capstan_v1_ListNodesRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_ListNodesResponse__Output>): grpc.ClientUnaryCall;
  listNodes(argument: _capstan_v1_ListNodesRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_ListNodesResponse__Output>): grpc.ClientUnaryCall;
  listNodes(argument: _capstan_v1_ListNodesRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_ListNodesResponse__Output>): grpc.ClientUnaryCall;
  listNodes(argument: _capstan_v1_ListNodesRequest, callback: grpc.requestCallback<_capstan_v1_ListNodesResponse__Output>): grpc.ClientUnaryCall;
  
  ListOperators(argument: _capstan_v1_ListOperatorsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_ListOperatorsResponse__Output>): grpc.ClientUnaryCall;
  ListOperators(argument: _capstan_v1_ListOperatorsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_ListOperatorsResponse__Output>): grpc.ClientUnaryCall;
  ListOperators(argument: _capstan_v1_ListOperatorsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_ListOperatorsResponse__Output>): grpc.ClientUnaryCall;
  ListOperators(argument: _capstan_v1_ListOperatorsRequest, callback: grpc.requestCallback<_capstan_v1_ListOperatorsResponse__Output>): grpc.ClientUnaryCall;
  listOperators(argument: _capstan_v1_ListOperatorsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_ListOperatorsResponse__Output>): grpc.ClientUnaryCall;
  listOperators(argument: _capstan_v1_ListOperatorsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_ListOperatorsResponse__Output>): grpc.ClientUnaryCall;
  listOperators(argument: _capstan_v1_ListOperatorsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_ListOperatorsResponse__Output>): grpc.ClientUnaryCall;
  listOperators(argument: _capstan_v1_ListOperatorsRequest, callback: grpc.requestCallback<_capstan_v1_ListOperatorsResponse__Output>): grpc.ClientUnaryCall;
  
  ListPoison(argument: _capstan_v1_ListPoisonRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_ListPoisonResponse__Output>): grpc.ClientUnaryCall;
  ListPoison(argument: _capstan_v1_ListPoisonRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_ListPoisonResponse__Output>): grpc.ClientUnaryCall;
  ListPoison(argument: _capstan_v1_ListPoisonRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_ListPoisonResponse__Output>): grpc.ClientUnaryCall;
  ListPoison(argument: _capstan_v1_ListPoisonRequest, callback: grpc.requestCallback<_capstan_v1_ListPoisonResponse__Output>): grpc.ClientUnaryCall;
  listPoison(argument: _capstan_v1_ListPoisonRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_ListPoisonResponse__Output>): grpc.ClientUnaryCall;
  listPoison(argument: _capstan_v1_ListPoisonRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_ListPoisonResponse__Output>): grpc.ClientUnaryCall;
  listPoison(argument: _capstan_v1_ListPoisonRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_ListPoisonResponse__Output>): grpc.ClientUnaryCall;
  listPoison(argument: _capstan_v1_ListPoisonRequest, callback: grpc.requestCallback<_capstan_v1_ListPoisonResponse__Output>): grpc.ClientUnaryCall;
  
  ListReleases(argument: _capstan_v1_ListReleasesRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_ListReleasesResponse__Output>): grpc.ClientUnaryCall;
  ListReleases(argument: _capstan_v1_ListReleasesRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_ListReleasesResponse__Output>): grpc.ClientUnaryCall;
  ListReleases(argument: _capstan_v1_ListReleasesRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_ListReleasesResponse__Output>): grpc.ClientUnaryCall;
  ListReleases(argument: _capstan_v1_ListReleasesRequest, callback: grpc.requestCallback<_capstan_v1_ListReleasesResponse__Output>): grpc.ClientUnaryCall;
  listReleases(argument: _capstan_v1_ListReleasesRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_ListReleasesResponse__Output>): grpc.ClientUnaryCall;
  listReleases(argument: _capstan_v1_ListReleasesRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_ListReleasesResponse__Output>): grpc.ClientUnaryCall;
  listReleases(argument: _capstan_v1_ListReleasesRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_ListReleasesResponse__Output>): grpc.ClientUnaryCall;
  listReleases(argument: _capstan_v1_ListReleasesRequest, callback: grpc.requestCallback<_capstan_v1_ListReleasesResponse__Output>): grpc.ClientUnaryCall;
  
  ListRollouts(argument: _capstan_v1_ListRolloutsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_ListRolloutsResponse__Output>): grpc.ClientUnaryCall;
  ListRollouts(argument: _capstan_v1_ListRolloutsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_ListRolloutsResponse__Output>): grpc.ClientUnaryCall;
  ListRollouts(argument: _capstan_v1_ListRolloutsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_ListRolloutsResponse__Output>): grpc.ClientUnaryCall;
  ListRollouts(argument: _capstan_v1_ListRolloutsRequest, callback: grpc.requestCallback<_capstan_v1_ListRolloutsResponse__Output>): grpc.ClientUnaryCall;
  listRollouts(argument: _capstan_v1_ListRolloutsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_ListRolloutsResponse__Output>): grpc.ClientUnaryCall;
  listRollouts(argument: _capstan_v1_ListRolloutsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_ListRolloutsResponse__Output>): grpc.ClientUnaryCall;
  listRollouts(argument: _capstan_v1_ListRolloutsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_ListRolloutsResponse__Output>): grpc.ClientUnaryCall;
  listRollouts(argument: _capstan_v1_ListRolloutsRequest, callback: grpc.requestCallback<_capstan_v1_ListRolloutsResponse__Output>): grpc.ClientUnaryCall;
  
  ListTokens(argument: _capstan_v1_ListTokensRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_ListTokensResponse__Output>): grpc.ClientUnaryCall;
  ListTokens(argument: _capstan_v1_ListTokensRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_ListTokensResponse__Output>): grpc.ClientUnaryCall;
  ListTokens(argument: _capstan_v1_ListTokensRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_ListTokensResponse__Output>): grpc.ClientUnaryCall;
  ListTokens(argument: _capstan_v1_ListTokensRequest, callback: grpc.requestCallback<_capstan_v1_ListTokensResponse__Output>): grpc.ClientUnaryCall;
  listTokens(argument: _capstan_v1_ListTokensRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_ListTokensResponse__Output>): grpc.ClientUnaryCall;
  listTokens(argument: _capstan_v1_ListTokensRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_ListTokensResponse__Output>): grpc.ClientUnaryCall;
  listTokens(argument: _capstan_v1_ListTokensRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_ListTokensResponse__Output>): grpc.ClientUnaryCall;
  listTokens(argument: _capstan_v1_ListTokensRequest, callback: grpc.requestCallback<_capstan_v1_ListTokensResponse__Output>): grpc.ClientUnaryCall;
  
  LockEnvironment(argument: _capstan_v1_LockEnvironmentRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_LockView__Output>): grpc.ClientUnaryCall;
  LockEnvironment(argument: _capstan_v1_LockEnvironmentRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_LockView__Output>): grpc.ClientUnaryCall;
  LockEnvironment(argument: _capstan_v1_LockEnvironmentRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_LockView__Output>): grpc.ClientUnaryCall;
  LockEnvironment(argument: _capstan_v1_LockEnvironmentRequest, callback: grpc.requestCallback<_capstan_v1_LockView__Output>): grpc.ClientUnaryCall;
  lockEnvironment(argument: _capstan_v1_LockEnvironmentRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_LockView__Output>): grpc.ClientUnaryCall;
  lockEnvironment(argument: _capstan_v1_LockEnvironmentRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_LockView__Output>): grpc.ClientUnaryCall;
  lockEnvironment(argument: _capstan_v1_LockEnvironmentRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_LockView__Output>): grpc.ClientUnaryCall;
  lockEnvironment(argument: _capstan_v1_LockEnvironmentRequest, callback: grpc.requestCallback<_capstan_v1_LockView__Output>): grpc.ClientUnaryCall;
  
  Logs(argument: _capstan_v1_LogsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_LogsResponse__Output>): grpc.ClientUnaryCall;
  Logs(argument: _capstan_v1_LogsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_LogsResponse__Output>): grpc.ClientUnaryCall;
  Logs(argument: _capstan_v1_LogsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_LogsResponse__Output>): grpc.ClientUnaryCall;
  Logs(argument: _capstan_v1_LogsRequest, callback: grpc.requestCallback<_capstan_v1_LogsResponse__Output>): grpc.ClientUnaryCall;
  logs(argument: _capstan_v1_LogsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_LogsResponse__Output>): grpc.ClientUnaryCall;
  logs(argument: _capstan_v1_LogsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_LogsResponse__Output>): grpc.ClientUnaryCall;
  logs(argument: _capstan_v1_LogsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_LogsResponse__Output>): grpc.ClientUnaryCall;
  logs(argument: _capstan_v1_LogsRequest, callback: grpc.requestCallback<_capstan_v1_LogsResponse__Output>): grpc.ClientUnaryCall;
  
  Plan(argument: _capstan_v1_PlanRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_PlanResponse__Output>): grpc.ClientUnaryCall;
  Plan(argument: _capstan_v1_PlanRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_PlanResponse__Output>): grpc.ClientUnaryCall;
  Plan(argument: _capstan_v1_PlanRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_PlanResponse__Output>): grpc.ClientUnaryCall;
  Plan(argument: _capstan_v1_PlanRequest, callback: grpc.requestCallback<_capstan_v1_PlanResponse__Output>): grpc.ClientUnaryCall;
  plan(argument: _capstan_v1_PlanRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_PlanResponse__Output>): grpc.ClientUnaryCall;
  plan(argument: _capstan_v1_PlanRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_PlanResponse__Output>): grpc.ClientUnaryCall;
  plan(argument: _capstan_v1_PlanRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_PlanResponse__Output>): grpc.ClientUnaryCall;
  plan(argument: _capstan_v1_PlanRequest, callback: grpc.requestCallback<_capstan_v1_PlanResponse__Output>): grpc.ClientUnaryCall;
  
  PromoteRelease(argument: _capstan_v1_GateRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_PromotionResponse__Output>): grpc.ClientUnaryCall;
  PromoteRelease(argument: _capstan_v1_GateRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_PromotionResponse__Output>): grpc.ClientUnaryCall;
  PromoteRelease(argument: _capstan_v1_GateRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_PromotionResponse__Output>): grpc.ClientUnaryCall;
  PromoteRelease(argument: _capstan_v1_GateRequest, callback: grpc.requestCallback<_capstan_v1_PromotionResponse__Output>): grpc.ClientUnaryCall;
  promoteRelease(argument: _capstan_v1_GateRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_PromotionResponse__Output>): grpc.ClientUnaryCall;
  promoteRelease(argument: _capstan_v1_GateRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_PromotionResponse__Output>): grpc.ClientUnaryCall;
  promoteRelease(argument: _capstan_v1_GateRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_PromotionResponse__Output>): grpc.ClientUnaryCall;
  promoteRelease(argument: _capstan_v1_GateRequest, callback: grpc.requestCallback<_capstan_v1_PromotionResponse__Output>): grpc.ClientUnaryCall;
  
  RecordCheck(argument: _capstan_v1_RecordCheckRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_PromotionResponse__Output>): grpc.ClientUnaryCall;
  RecordCheck(argument: _capstan_v1_RecordCheckRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_PromotionResponse__Output>): grpc.ClientUnaryCall;
  RecordCheck(argument: _capstan_v1_RecordCheckRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_PromotionResponse__Output>): grpc.ClientUnaryCall;
  RecordCheck(argument: _capstan_v1_RecordCheckRequest, callback: grpc.requestCallback<_capstan_v1_PromotionResponse__Output>): grpc.ClientUnaryCall;
  recordCheck(argument: _capstan_v1_RecordCheckRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_PromotionResponse__Output>): grpc.ClientUnaryCall;
  recordCheck(argument: _capstan_v1_RecordCheckRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_PromotionResponse__Output>): grpc.ClientUnaryCall;
  recordCheck(argument: _capstan_v1_RecordCheckRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_PromotionResponse__Output>): grpc.ClientUnaryCall;
  recordCheck(argument: _capstan_v1_RecordCheckRequest, callback: grpc.requestCallback<_capstan_v1_PromotionResponse__Output>): grpc.ClientUnaryCall;
  
  RegisterRelease(argument: _capstan_v1_RegisterReleaseRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_RegisterReleaseResponse__Output>): grpc.ClientUnaryCall;
  RegisterRelease(argument: _capstan_v1_RegisterReleaseRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_RegisterReleaseResponse__Output>): grpc.ClientUnaryCall;
  RegisterRelease(argument: _capstan_v1_RegisterReleaseRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_RegisterReleaseResponse__Output>): grpc.ClientUnaryCall;
  RegisterRelease(argument: _capstan_v1_RegisterReleaseRequest, callback: grpc.requestCallback<_capstan_v1_RegisterReleaseResponse__Output>): grpc.ClientUnaryCall;
  registerRelease(argument: _capstan_v1_RegisterReleaseRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_RegisterReleaseResponse__Output>): grpc.ClientUnaryCall;
  registerRelease(argument: _capstan_v1_RegisterReleaseRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_RegisterReleaseResponse__Output>): grpc.ClientUnaryCall;
  registerRelease(argument: _capstan_v1_RegisterReleaseRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_RegisterReleaseResponse__Output>): grpc.ClientUnaryCall;
  registerRelease(argument: _capstan_v1_RegisterReleaseRequest, callback: grpc.requestCallback<_capstan_v1_RegisterReleaseResponse__Output>): grpc.ClientUnaryCall;
  
  RemoveApplication(argument: _capstan_v1_RemoveApplicationRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_RemoveApplicationResponse__Output>): grpc.ClientUnaryCall;
  RemoveApplication(argument: _capstan_v1_RemoveApplicationRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_RemoveApplicationResponse__Output>): grpc.ClientUnaryCall;
  RemoveApplication(argument: _capstan_v1_RemoveApplicationRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_RemoveApplicationResponse__Output>): grpc.ClientUnaryCall;
  RemoveApplication(argument: _capstan_v1_RemoveApplicationRequest, callback: grpc.requestCallback<_capstan_v1_RemoveApplicationResponse__Output>): grpc.ClientUnaryCall;
  removeApplication(argument: _capstan_v1_RemoveApplicationRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_RemoveApplicationResponse__Output>): grpc.ClientUnaryCall;
  removeApplication(argument: _capstan_v1_RemoveApplicationRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_RemoveApplicationResponse__Output>): grpc.ClientUnaryCall;
  removeApplication(argument: _capstan_v1_RemoveApplicationRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_RemoveApplicationResponse__Output>): grpc.ClientUnaryCall;
  removeApplication(argument: _capstan_v1_RemoveApplicationRequest, callback: grpc.requestCallback<_capstan_v1_RemoveApplicationResponse__Output>): grpc.ClientUnaryCall;
  
  Restart(argument: _capstan_v1_RestartRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_DeployResponse__Output>): grpc.ClientUnaryCall;
  Restart(argument: _capstan_v1_RestartRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_DeployResponse__Output>): grpc.ClientUnaryCall;
  Restart(argument: _capstan_v1_RestartRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_DeployResponse__Output>): grpc.ClientUnaryCall;
  Restart(argument: _capstan_v1_RestartRequest, callback: grpc.requestCallback<_capstan_v1_DeployResponse__Output>): grpc.ClientUnaryCall;
  restart(argument: _capstan_v1_RestartRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_DeployResponse__Output>): grpc.ClientUnaryCall;
  restart(argument: _capstan_v1_RestartRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_DeployResponse__Output>): grpc.ClientUnaryCall;
  restart(argument: _capstan_v1_RestartRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_DeployResponse__Output>): grpc.ClientUnaryCall;
  restart(argument: _capstan_v1_RestartRequest, callback: grpc.requestCallback<_capstan_v1_DeployResponse__Output>): grpc.ClientUnaryCall;
  
  RevokeOperator(argument: _capstan_v1_RevokeOperatorRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_OperatorView__Output>): grpc.ClientUnaryCall;
  RevokeOperator(argument: _capstan_v1_RevokeOperatorRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_OperatorView__Output>): grpc.ClientUnaryCall;
  RevokeOperator(argument: _capstan_v1_RevokeOperatorRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_OperatorView__Output>): grpc.ClientUnaryCall;
  RevokeOperator(argument: _capstan_v1_RevokeOperatorRequest, callback: grpc.requestCallback<_capstan_v1_OperatorView__Output>): grpc.ClientUnaryCall;
  revokeOperator(argument: _capstan_v1_RevokeOperatorRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_OperatorView__Output>): grpc.ClientUnaryCall;
  revokeOperator(argument: _capstan_v1_RevokeOperatorRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_OperatorView__Output>): grpc.ClientUnaryCall;
  revokeOperator(argument: _capstan_v1_RevokeOperatorRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_OperatorView__Output>): grpc.ClientUnaryCall;
  revokeOperator(argument: _capstan_v1_RevokeOperatorRequest, callback: grpc.requestCallback<_capstan_v1_OperatorView__Output>): grpc.ClientUnaryCall;
  
  RevokeToken(argument: _capstan_v1_RevokeTokenRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_TokenView__Output>): grpc.ClientUnaryCall;
  RevokeToken(argument: _capstan_v1_RevokeTokenRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_TokenView__Output>): grpc.ClientUnaryCall;
  RevokeToken(argument: _capstan_v1_RevokeTokenRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_TokenView__Output>): grpc.ClientUnaryCall;
  RevokeToken(argument: _capstan_v1_RevokeTokenRequest, callback: grpc.requestCallback<_capstan_v1_TokenView__Output>): grpc.ClientUnaryCall;
  revokeToken(argument: _capstan_v1_RevokeTokenRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_TokenView__Output>): grpc.ClientUnaryCall;
  revokeToken(argument: _capstan_v1_RevokeTokenRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_TokenView__Output>): grpc.ClientUnaryCall;
  revokeToken(argument: _capstan_v1_RevokeTokenRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_TokenView__Output>): grpc.ClientUnaryCall;
  revokeToken(argument: _capstan_v1_RevokeTokenRequest, callback: grpc.requestCallback<_capstan_v1_TokenView__Output>): grpc.ClientUnaryCall;
  
  Rollback(argument: _capstan_v1_RollbackRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_DeployResponse__Output>): grpc.ClientUnaryCall;
  Rollback(argument: _capstan_v1_RollbackRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_DeployResponse__Output>): grpc.ClientUnaryCall;
  Rollback(argument: _capstan_v1_RollbackRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_DeployResponse__Output>): grpc.ClientUnaryCall;
  Rollback(argument: _capstan_v1_RollbackRequest, callback: grpc.requestCallback<_capstan_v1_DeployResponse__Output>): grpc.ClientUnaryCall;
  rollback(argument: _capstan_v1_RollbackRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_DeployResponse__Output>): grpc.ClientUnaryCall;
  rollback(argument: _capstan_v1_RollbackRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_DeployResponse__Output>): grpc.ClientUnaryCall;
  rollback(argument: _capstan_v1_RollbackRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_DeployResponse__Output>): grpc.ClientUnaryCall;
  rollback(argument: _capstan_v1_RollbackRequest, callback: grpc.requestCallback<_capstan_v1_DeployResponse__Output>): grpc.ClientUnaryCall;
  
  ShowCa(argument: _capstan_v1_ShowCaRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_CaView__Output>): grpc.ClientUnaryCall;
  ShowCa(argument: _capstan_v1_ShowCaRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_CaView__Output>): grpc.ClientUnaryCall;
  ShowCa(argument: _capstan_v1_ShowCaRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_CaView__Output>): grpc.ClientUnaryCall;
  ShowCa(argument: _capstan_v1_ShowCaRequest, callback: grpc.requestCallback<_capstan_v1_CaView__Output>): grpc.ClientUnaryCall;
  showCa(argument: _capstan_v1_ShowCaRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_CaView__Output>): grpc.ClientUnaryCall;
  showCa(argument: _capstan_v1_ShowCaRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_CaView__Output>): grpc.ClientUnaryCall;
  showCa(argument: _capstan_v1_ShowCaRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_CaView__Output>): grpc.ClientUnaryCall;
  showCa(argument: _capstan_v1_ShowCaRequest, callback: grpc.requestCallback<_capstan_v1_CaView__Output>): grpc.ClientUnaryCall;
  
  SignRelease(argument: _capstan_v1_SignReleaseRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_ReleaseView__Output>): grpc.ClientUnaryCall;
  SignRelease(argument: _capstan_v1_SignReleaseRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_ReleaseView__Output>): grpc.ClientUnaryCall;
  SignRelease(argument: _capstan_v1_SignReleaseRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_ReleaseView__Output>): grpc.ClientUnaryCall;
  SignRelease(argument: _capstan_v1_SignReleaseRequest, callback: grpc.requestCallback<_capstan_v1_ReleaseView__Output>): grpc.ClientUnaryCall;
  signRelease(argument: _capstan_v1_SignReleaseRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_ReleaseView__Output>): grpc.ClientUnaryCall;
  signRelease(argument: _capstan_v1_SignReleaseRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_ReleaseView__Output>): grpc.ClientUnaryCall;
  signRelease(argument: _capstan_v1_SignReleaseRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_ReleaseView__Output>): grpc.ClientUnaryCall;
  signRelease(argument: _capstan_v1_SignReleaseRequest, callback: grpc.requestCallback<_capstan_v1_ReleaseView__Output>): grpc.ClientUnaryCall;
  
  Stage(argument: _capstan_v1_DeployRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_DeployResponse__Output>): grpc.ClientUnaryCall;
  Stage(argument: _capstan_v1_DeployRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_DeployResponse__Output>): grpc.ClientUnaryCall;
  Stage(argument: _capstan_v1_DeployRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_DeployResponse__Output>): grpc.ClientUnaryCall;
  Stage(argument: _capstan_v1_DeployRequest, callback: grpc.requestCallback<_capstan_v1_DeployResponse__Output>): grpc.ClientUnaryCall;
  stage(argument: _capstan_v1_DeployRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_DeployResponse__Output>): grpc.ClientUnaryCall;
  stage(argument: _capstan_v1_DeployRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_DeployResponse__Output>): grpc.ClientUnaryCall;
  stage(argument: _capstan_v1_DeployRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_DeployResponse__Output>): grpc.ClientUnaryCall;
  stage(argument: _capstan_v1_DeployRequest, callback: grpc.requestCallback<_capstan_v1_DeployResponse__Output>): grpc.ClientUnaryCall;
  
  Status(argument: _capstan_v1_StatusRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_StatusResponse__Output>): grpc.ClientUnaryCall;
  Status(argument: _capstan_v1_StatusRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_StatusResponse__Output>): grpc.ClientUnaryCall;
  Status(argument: _capstan_v1_StatusRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_StatusResponse__Output>): grpc.ClientUnaryCall;
  Status(argument: _capstan_v1_StatusRequest, callback: grpc.requestCallback<_capstan_v1_StatusResponse__Output>): grpc.ClientUnaryCall;
  status(argument: _capstan_v1_StatusRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_StatusResponse__Output>): grpc.ClientUnaryCall;
  status(argument: _capstan_v1_StatusRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_StatusResponse__Output>): grpc.ClientUnaryCall;
  status(argument: _capstan_v1_StatusRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_StatusResponse__Output>): grpc.ClientUnaryCall;
  status(argument: _capstan_v1_StatusRequest, callback: grpc.requestCallback<_capstan_v1_StatusResponse__Output>): grpc.ClientUnaryCall;
  
  UnlockEnvironment(argument: _capstan_v1_UnlockEnvironmentRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_LockView__Output>): grpc.ClientUnaryCall;
  UnlockEnvironment(argument: _capstan_v1_UnlockEnvironmentRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_LockView__Output>): grpc.ClientUnaryCall;
  UnlockEnvironment(argument: _capstan_v1_UnlockEnvironmentRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_LockView__Output>): grpc.ClientUnaryCall;
  UnlockEnvironment(argument: _capstan_v1_UnlockEnvironmentRequest, callback: grpc.requestCallback<_capstan_v1_LockView__Output>): grpc.ClientUnaryCall;
  unlockEnvironment(argument: _capstan_v1_UnlockEnvironmentRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_LockView__Output>): grpc.ClientUnaryCall;
  unlockEnvironment(argument: _capstan_v1_UnlockEnvironmentRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_LockView__Output>): grpc.ClientUnaryCall;
  unlockEnvironment(argument: _capstan_v1_UnlockEnvironmentRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_LockView__Output>): grpc.ClientUnaryCall;
  unlockEnvironment(argument: _capstan_v1_UnlockEnvironmentRequest, callback: grpc.requestCallback<_capstan_v1_LockView__Output>): grpc.ClientUnaryCall;
  
  VerifyEvents(argument: _capstan_v1_VerifyEventsRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_capstan_v1_VerifyEventsProgress__Output>;
  VerifyEvents(argument: _capstan_v1_VerifyEventsRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_capstan_v1_VerifyEventsProgress__Output>;
  verifyEvents(argument: _capstan_v1_VerifyEventsRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_capstan_v1_VerifyEventsProgress__Output>;
  verifyEvents(argument: _capstan_v1_VerifyEventsRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_capstan_v1_VerifyEventsProgress__Output>;
  
  VerifyStore(argument: _capstan_v1_VerifyStoreRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_capstan_v1_VerifyStoreProgress__Output>;
  VerifyStore(argument: _capstan_v1_VerifyStoreRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_capstan_v1_VerifyStoreProgress__Output>;
  verifyStore(argument: _capstan_v1_VerifyStoreRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_capstan_v1_VerifyStoreProgress__Output>;
  verifyStore(argument: _capstan_v1_VerifyStoreRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_capstan_v1_VerifyStoreProgress__Output>;
  
  WatchNodes(argument: _capstan_v1_ListNodesRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_capstan_v1_ListNodesResponse__Output>;
  WatchNodes(argument: _capstan_v1_ListNodesRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_capstan_v1_ListNodesResponse__Output>;
  watchNodes(argument: _capstan_v1_ListNodesRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_capstan_v1_ListNodesResponse__Output>;
  watchNodes(argument: _capstan_v1_ListNodesRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_capstan_v1_ListNodesResponse__Output>;
  
  WatchRollout(argument: _capstan_v1_GetRolloutRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_capstan_v1_RolloutView__Output>;
  WatchRollout(argument: _capstan_v1_GetRolloutRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_capstan_v1_RolloutView__Output>;
  watchRollout(argument: _capstan_v1_GetRolloutRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_capstan_v1_RolloutView__Output>;
  watchRollout(argument: _capstan_v1_GetRolloutRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_capstan_v1_RolloutView__Output>;
  
  Why(argument: _capstan_v1_WhyRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_WhyResponse__Output>): grpc.ClientUnaryCall;
  Why(argument: _capstan_v1_WhyRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_WhyResponse__Output>): grpc.ClientUnaryCall;
  Why(argument: _capstan_v1_WhyRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_WhyResponse__Output>): grpc.ClientUnaryCall;
  Why(argument: _capstan_v1_WhyRequest, callback: grpc.requestCallback<_capstan_v1_WhyResponse__Output>): grpc.ClientUnaryCall;
  why(argument: _capstan_v1_WhyRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_WhyResponse__Output>): grpc.ClientUnaryCall;
  why(argument: _capstan_v1_WhyRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_capstan_v1_WhyResponse__Output>): grpc.ClientUnaryCall;
  why(argument: _capstan_v1_WhyRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_capstan_v1_WhyResponse__Output>): grpc.ClientUnaryCall;
  why(argument: _capstan_v1_WhyRequest, callback: grpc.requestCallback<_capstan_v1_WhyResponse__Output>): grpc.ClientUnaryCall;
  
}

export interface OperatorServiceHandlers extends grpc.UntypedServiceImplementation {
  AcknowledgeEvents: grpc.handleUnaryCall<_capstan_v1_AcknowledgeEventsRequest__Output, _capstan_v1_ConsumerView>;
  
  Apply: grpc.handleUnaryCall<_capstan_v1_ApplyRequest__Output, _capstan_v1_ApplyResponse>;
  
  ApproveRelease: grpc.handleUnaryCall<_capstan_v1_GateRequest__Output, _capstan_v1_PromotionResponse>;
  
  BeginPublish: grpc.handleUnaryCall<_capstan_v1_BeginPublishRequest__Output, _capstan_v1_BeginPublishResponse>;
  
  ClaimObjects: grpc.handleUnaryCall<_capstan_v1_ClaimObjectsRequest__Output, _capstan_v1_ClaimObjectsResponse>;
  
  CollectGarbage: grpc.handleServerStreamingCall<_capstan_v1_CollectGarbageRequest__Output, _capstan_v1_CollectGarbageProgress>;
  
  ControlRollout: grpc.handleUnaryCall<_capstan_v1_ControlRolloutRequest__Output, _capstan_v1_RolloutView>;
  
  CopyDatabase: grpc.handleServerStreamingCall<_capstan_v1_CopyDatabaseRequest__Output, _capstan_v1_DatabasePiece>;
  
  CreateOperator: grpc.handleUnaryCall<_capstan_v1_CreateOperatorRequest__Output, _capstan_v1_OperatorView>;
  
  CreateToken: grpc.handleUnaryCall<_capstan_v1_CreateTokenRequest__Output, _capstan_v1_TokenView>;
  
  DecommissionNode: grpc.handleUnaryCall<_capstan_v1_DecommissionNodeRequest__Output, _capstan_v1_DecommissionNodeResponse>;
  
  Deploy: grpc.handleUnaryCall<_capstan_v1_DeployRequest__Output, _capstan_v1_DeployResponse>;
  
  ForgetConsumer: grpc.handleUnaryCall<_capstan_v1_ForgetConsumerRequest__Output, _capstan_v1_ForgetConsumerResponse>;
  
  ForgivePoison: grpc.handleUnaryCall<_capstan_v1_ForgivePoisonRequest__Output, _capstan_v1_PoisonView>;
  
  GetApplication: grpc.handleUnaryCall<_capstan_v1_GetApplicationRequest__Output, _capstan_v1_ApplicationView>;
  
  GetConfig: grpc.handleUnaryCall<_capstan_v1_GetConfigRequest__Output, _capstan_v1_ConfigView>;
  
  GetNode: grpc.handleUnaryCall<_capstan_v1_GetNodeRequest__Output, _capstan_v1_NodeView>;
  
  GetRelease: grpc.handleUnaryCall<_capstan_v1_GetReleaseRequest__Output, _capstan_v1_ReleaseView>;
  
  GetRollout: grpc.handleUnaryCall<_capstan_v1_GetRolloutRequest__Output, _capstan_v1_RolloutView>;
  
  GetSelf: grpc.handleUnaryCall<_capstan_v1_GetSelfRequest__Output, _capstan_v1_OperatorView>;
  
  LabelNode: grpc.handleUnaryCall<_capstan_v1_LabelNodeRequest__Output, _capstan_v1_NodeView>;
  
  ListApplications: grpc.handleUnaryCall<_capstan_v1_ListApplicationsRequest__Output, _capstan_v1_ListApplicationsResponse>;
  
  ListConfigs: grpc.handleUnaryCall<_capstan_v1_ListConfigsRequest__Output, _capstan_v1_ListConfigsResponse>;
  
  ListConsumers: grpc.handleUnaryCall<_capstan_v1_ListConsumersRequest__Output, _capstan_v1_ListConsumersResponse>;
  
  ListEvents: grpc.handleServerStreamingCall<_capstan_v1_ListEventsRequest__Output, _capstan_v1_Event>;
  
  ListNodes: grpc.handleUnaryCall<_capstan_v1_ListNodesRequest__Output, _capstan_v1_ListNodesResponse>;
  
  ListOperators: grpc.handleUnaryCall<_capstan_v1_ListOperatorsRequest__Output, _capstan_v1_ListOperatorsResponse>;
  
  ListPoison: grpc.handleUnaryCall<_capstan_v1_ListPoisonRequest__Output, _capstan_v1_ListPoisonResponse>;
  
  ListReleases: grpc.handleUnaryCall<_capstan_v1_ListReleasesRequest__Output, _capstan_v1_ListReleasesResponse>;
  
  ListRollouts: grpc.handleUnaryCall<_capstan_v1_ListRolloutsRequest__Output, _capstan_v1_ListRolloutsResponse>;
  
  ListTokens: grpc.handleUnaryCall<_capstan_v1_ListTokensRequest__Output, _capstan_v1_ListTokensResponse>;
  
  LockEnvironment: grpc.handleUnaryCall<_capstan_v1_LockEnvironmentRequest__Output, _capstan_v1_LockView>;
  
  Logs: grpc.handleUnaryCall<_capstan_v1_LogsRequest__Output, _capstan_v1_LogsResponse>;
  
  Plan: grpc.handleUnaryCall<_capstan_v1_PlanRequest__Output, _capstan_v1_PlanResponse>;
  
  PromoteRelease: grpc.handleUnaryCall<_capstan_v1_GateRequest__Output, _capstan_v1_PromotionResponse>;
  
  RecordCheck: grpc.handleUnaryCall<_capstan_v1_RecordCheckRequest__Output, _capstan_v1_PromotionResponse>;
  
  RegisterRelease: grpc.handleUnaryCall<_capstan_v1_RegisterReleaseRequest__Output, _capstan_v1_RegisterReleaseResponse>;
  
  RemoveApplication: grpc.handleUnaryCall<_capstan_v1_RemoveApplicationRequest__Output, _capstan_v1_RemoveApplicationResponse>;
  
  Restart: grpc.handleUnaryCall<_capstan_v1_RestartRequest__Output, _capstan_v1_DeployResponse>;
  
  RevokeOperator: grpc.handleUnaryCall<_capstan_v1_RevokeOperatorRequest__Output, _capstan_v1_OperatorView>;
  
  RevokeToken: grpc.handleUnaryCall<_capstan_v1_RevokeTokenRequest__Output, _capstan_v1_TokenView>;
  
  Rollback: grpc.handleUnaryCall<_capstan_v1_RollbackRequest__Output, _capstan_v1_DeployResponse>;
  
  ShowCa: grpc.handleUnaryCall<_capstan_v1_ShowCaRequest__Output, _capstan_v1_CaView>;
  
  SignRelease: grpc.handleUnaryCall<_capstan_v1_SignReleaseRequest__Output, _capstan_v1_ReleaseView>;
  
  Stage: grpc.handleUnaryCall<_capstan_v1_DeployRequest__Output, _capstan_v1_DeployResponse>;
  
  Status: grpc.handleUnaryCall<_capstan_v1_StatusRequest__Output, _capstan_v1_StatusResponse>;
  
  UnlockEnvironment: grpc.handleUnaryCall<_capstan_v1_UnlockEnvironmentRequest__Output, _capstan_v1_LockView>;
  
  VerifyEvents: grpc.handleServerStreamingCall<_capstan_v1_VerifyEventsRequest__Output, _capstan_v1_VerifyEventsProgress>;
  
  VerifyStore: grpc.handleServerStreamingCall<_capstan_v1_VerifyStoreRequest__Output, _capstan_v1_VerifyStoreProgress>;
  
  WatchNodes: grpc.handleServerStreamingCall<_capstan_v1_ListNodesRequest__Output, _capstan_v1_ListNodesResponse>;
  
  WatchRollout: grpc.handleServerStreamingCall<_capstan_v1_GetRolloutRequest__Output, _capstan_v1_RolloutView>;
  
  Why: grpc.handleUnaryCall<_capstan_v1_WhyRequest__Output, _capstan_v1_WhyResponse>;
  
}

export interface OperatorServiceDefinition extends grpc.ServiceDefinition {
  AcknowledgeEvents: MethodDefinition<_capstan_v1_AcknowledgeEventsRequest, _capstan_v1_ConsumerView, _capstan_v1_AcknowledgeEventsRequest__Output, _capstan_v1_ConsumerView__Output>
  Apply: MethodDefinition<_capstan_v1_ApplyRequest, _capstan_v1_ApplyResponse, _capstan_v1_ApplyRequest__Output, _capstan_v1_ApplyResponse__Output>
  ApproveRelease: MethodDefinition<_capstan_v1_GateRequest, _capstan_v1_PromotionResponse, _capstan_v1_GateRequest__Output, _capstan_v1_PromotionResponse__Output>
  BeginPublish: MethodDefinition<_capstan_v1_BeginPublishRequest, _capstan_v1_BeginPublishResponse, _capstan_v1_BeginPublishRequest__Output, _capstan_v1_BeginPublishResponse__Output>
  ClaimObjects: MethodDefinition<_capstan_v1_ClaimObjectsRequest, _capstan_v1_ClaimObjectsResponse, _capstan_v1_ClaimObjectsRequest__Output, _capstan_v1_ClaimObjectsResponse__Output>
  CollectGarbage: MethodDefinition<_capstan_v1_CollectGarbageRequest, _capstan_v1_CollectGarbageProgress, _capstan_v1_CollectGarbageRequest__Output, _capstan_v1_CollectGarbageProgress__Output>
  ControlRollout: MethodDefinition<_capstan_v1_ControlRolloutRequest, _capstan_v1_RolloutView, _capstan_v1_ControlRolloutRequest__Output, _capstan_v1_RolloutView__Output>
  CopyDatabase: MethodDefinition<_capstan_v1_CopyDatabaseRequest, _capstan_v1_DatabasePiece, _capstan_v1_CopyDatabaseRequest__Output, _capstan_v1_DatabasePiece__Output>
  CreateOperator: MethodDefinition<_capstan_v1_CreateOperatorRequest, _capstan_v1_OperatorView, _capstan_v1_CreateOperatorRequest__Output, _capstan_v1_OperatorView__Output>
  CreateToken: MethodDefinition<_capstan_v1_CreateTokenRequest, _capstan_v1_TokenView, _capstan_v1_CreateTokenRequest__Output, _capstan_v1_TokenView__Output>
  DecommissionNode: MethodDefinition<_capstan_v1_DecommissionNodeRequest, _capstan_v1_DecommissionNodeResponse, _capstan_v1_DecommissionNodeRequest__Output, _capstan_v1_DecommissionNodeResponse__Output>
  Deploy: MethodDefinition<_capstan_v1_DeployRequest, _capstan_v1_DeployResponse, _capstan_v1_DeployRequest__Output, _capstan_v1_DeployResponse__Output>
  ForgetConsumer: MethodDefinition<_capstan_v1_ForgetConsumerRequest, _capstan_v1_ForgetConsumerResponse, _capstan_v1_ForgetConsumerRequest__Output, _capstan_v1_ForgetConsumerResponse__Output>
  ForgivePoison: MethodDefinition<_capstan_v1_ForgivePoisonRequest, _capstan_v1_PoisonView, _capstan_v1_ForgivePoisonRequest__Output, _capstan_v1_PoisonView__Output>
  GetApplication: MethodDefinition<_capstan_v1_GetApplicationRequest, _capstan_v1_ApplicationView, _capstan_v1_GetApplicationRequest__Output, _capstan_v1_ApplicationView__Output>
  GetConfig: MethodDefinition<_capstan_v1_GetConfigRequest, _capstan_v1_ConfigView, _capstan_v1_GetConfigRequest__Output, _capstan_v1_ConfigView__Output>
  GetNode: MethodDefinition<_capstan_v1_GetNodeRequest, _capstan_v1_NodeView, _capstan_v1_GetNodeRequest__Output, _capstan_v1_NodeView__Output>
  GetRelease: MethodDefinition<_capstan_v1_GetReleaseRequest, _capstan_v1_ReleaseView, _capstan_v1_GetReleaseRequest__Output, _capstan_v1_ReleaseView__Output>
  GetRollout: MethodDefinition<_capstan_v1_GetRolloutRequest, _capstan_v1_RolloutView, _capstan_v1_GetRolloutRequest__Output, _capstan_v1_RolloutView__Output>
  GetSelf: MethodDefinition<_capstan_v1_GetSelfRequest, _capstan_v1_OperatorView, _capstan_v1_GetSelfRequest__Output, _capstan_v1_OperatorView__Output>
  LabelNode: MethodDefinition<_capstan_v1_LabelNodeRequest, _capstan_v1_NodeView, _capstan_v1_LabelNodeRequest__Output, _capstan_v1_NodeView__Output>
  ListApplications: MethodDefinition<_capstan_v1_ListApplicationsRequest, _capstan_v1_ListApplicationsResponse, _capstan_v1_ListApplicationsRequest__Output, _capstan_v1_ListApplicationsResponse__Output>
  ListConfigs: MethodDefinition<_capstan_v1_ListConfigsRequest, _capstan_v1_ListConfigsResponse, _capstan_v1_ListConfigsRequest__Output, _capstan_v1_ListConfigsResponse__Output>
  ListConsumers: MethodDefinition<_capstan_v1_ListConsumersRequest, _capstan_v1_ListConsumersResponse, _capstan_v1_ListConsumersRequest__Output, _capstan_v1_ListConsumersResponse__Output>
  ListEvents: MethodDefinition<_capstan_v1_ListEventsRequest, _capstan_v1_Event, _capstan_v1_ListEventsRequest__Output, _capstan_v1_Event__Output>
  ListNodes: MethodDefinition<_capstan_v1_ListNodesRequest, _capstan_v1_ListNodesResponse, _capstan_v1_ListNodesRequest__Output, _capstan_v1_ListNodesResponse__Output>
  ListOperators: MethodDefinition<_capstan_v1_ListOperatorsRequest, _capstan_v1_ListOperatorsResponse, _capstan_v1_ListOperatorsRequest__Output, _capstan_v1_ListOperatorsResponse__Output>
  ListPoison: MethodDefinition<_capstan_v1_ListPoisonRequest, _capstan_v1_ListPoisonResponse, _capstan_v1_ListPoisonRequest__Output, _capstan_v1_ListPoisonResponse__Output>
  ListReleases: MethodDefinition<_capstan_v1_ListReleasesRequest, _capstan_v1_ListReleasesResponse, _capstan_v1_ListReleasesRequest__Output, _capstan_v1_ListReleasesResponse__Output>
  ListRollouts: MethodDefinition<_capstan_v1_ListRolloutsRequest, _capstan_v1_ListRolloutsResponse, _capstan_v1_ListRolloutsRequest__Output, _capstan_v1_ListRolloutsResponse__Output>
  ListTokens: MethodDefinition<_capstan_v1_ListTokensRequest, _capstan_v1_ListTokensResponse, _capstan_v1_ListTokensRequest__Output, _capstan_v1_ListTokensResponse__Output>
  LockEnvironment: MethodDefinition<_capstan_v1_LockEnvironmentRequest, _capstan_v1_LockView, _capstan_v1_LockEnvironmentRequest__Output, _capstan_v1_LockView__Output>
  Logs: MethodDefinition<_capstan_v1_LogsRequest, _capstan_v1_LogsResponse, _capstan_v1_LogsRequest__Output, _capstan_v1_LogsResponse__Output>
  Plan: MethodDefinition<_capstan_v1_PlanRequest, _capstan_v1_PlanResponse, _capstan_v1_PlanRequest__Output, _capstan_v1_PlanResponse__Output>
  PromoteRelease: MethodDefinition<_capstan_v1_GateRequest, _capstan_v1_PromotionResponse, _capstan_v1_GateRequest__Output, _capstan_v1_PromotionResponse__Output>
  RecordCheck: MethodDefinition<_capstan_v1_RecordCheckRequest, _capstan_v1_PromotionResponse, _capstan_v1_RecordCheckRequest__Output, _capstan_v1_PromotionResponse__Output>
  RegisterRelease: MethodDefinition<_capstan_v1_RegisterReleaseRequest, _capstan_v1_RegisterReleaseResponse, _capstan_v1_RegisterReleaseRequest__Output, _capstan_v1_RegisterReleaseResponse__Output>
  RemoveApplication: MethodDefinition<_capstan_v1_RemoveApplicationRequest, _capstan_v1_RemoveApplicationResponse, _capstan_v1_RemoveApplicationRequest__Output, _capstan_v1_RemoveApplicationResponse__Output>
  Restart: MethodDefinition<_capstan_v1_RestartRequest, _capstan_v1_DeployResponse, _capstan_v1_RestartRequest__Output, _capstan_v1_DeployResponse__Output>
  RevokeOperator: MethodDefinition<_capstan_v1_RevokeOperatorRequest, _capstan_v1_OperatorView, _capstan_v1_RevokeOperatorRequest__Output, _capstan_v1_OperatorView__Output>
  RevokeToken: MethodDefinition<_capstan_v1_RevokeTokenRequest, _capstan_v1_TokenView, _capstan_v1_RevokeTokenRequest__Output, _capstan_v1_TokenView__Output>
  Rollback: MethodDefinition<_capstan_v1_RollbackRequest, _capstan_v1_DeployResponse, _capstan_v1_RollbackRequest__Output, _capstan_v1_DeployResponse__Output>
  ShowCa: MethodDefinition<_capstan_v1_ShowCaRequest, _capstan_v1_CaView, _capstan_v1_ShowCaRequest__Output, _capstan_v1_CaView__Output>
  SignRelease: MethodDefinition<_capstan_v1_SignReleaseRequest, _capstan_v1_ReleaseView, _capstan_v1_SignReleaseRequest__Output, _capstan_v1_ReleaseView__Output>
  Stage: MethodDefinition<_capstan_v1_DeployRequest, _capstan_v1_DeployResponse, _capstan_v1_DeployRequest__Output, _capstan_v1_DeployResponse__Output>
  Status: MethodDefinition<_capstan_v1_StatusRequest, _capstan_v1_StatusResponse, _capstan_v1_StatusRequest__Output, _capstan_v1_StatusResponse__Output>
  UnlockEnvironment: MethodDefinition<_capstan_v1_UnlockEnvironmentRequest, _capstan_v1_LockView, _capstan_v1_UnlockEnvironmentRequest__Output, _capstan_v1_LockView__Output>
  VerifyEvents: MethodDefinition<_capstan_v1_VerifyEventsRequest, _capstan_v1_VerifyEventsProgress, _capstan_v1_VerifyEventsRequest__Output, _capstan_v1_VerifyEventsProgress__Output>
  VerifyStore: MethodDefinition<_capstan_v1_VerifyStoreRequest, _capstan_v1_VerifyStoreProgress, _capstan_v1_VerifyStoreRequest__Output, _capstan_v1_VerifyStoreProgress__Output>
  WatchNodes: MethodDefinition<_capstan_v1_ListNodesRequest, _capstan_v1_ListNodesResponse, _capstan_v1_ListNodesRequest__Output, _capstan_v1_ListNodesResponse__Output>
  WatchRollout: MethodDefinition<_capstan_v1_GetRolloutRequest, _capstan_v1_RolloutView, _capstan_v1_GetRolloutRequest__Output, _capstan_v1_RolloutView__Output>
  Why: MethodDefinition<_capstan_v1_WhyRequest, _capstan_v1_WhyResponse, _capstan_v1_WhyRequest__Output, _capstan_v1_WhyResponse__Output>
}
