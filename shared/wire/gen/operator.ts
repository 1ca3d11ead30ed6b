import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { Abort as _capstan_v1_Abort, Abort__Output as _capstan_v1_Abort__Output } from './capstan/v1/Abort.js';
import type { AcknowledgeEventsRequest as _capstan_v1_AcknowledgeEventsRequest, AcknowledgeEventsRequest__Output as _capstan_v1_AcknowledgeEventsRequest__Output } from './capstan/v1/AcknowledgeEventsRequest.js';
import type { ActivationPolicy as _capstan_v1_ActivationPolicy, ActivationPolicy__Output as _capstan_v1_ActivationPolicy__Output } from './capstan/v1/ActivationPolicy.js';
import type { AppStatus as _capstan_v1_AppStatus, AppStatus__Output as _capstan_v1_AppStatus__Output } from './capstan/v1/AppStatus.js';
import type { ApplicationView as _capstan_v1_ApplicationView, ApplicationView__Output as _capstan_v1_ApplicationView__Output } from './capstan/v1/ApplicationView.js';
import type { ApplyRequest as _capstan_v1_ApplyRequest, ApplyRequest__Output as _capstan_v1_ApplyRequest__Output } from './capstan/v1/ApplyRequest.js';
import type { ApplyResponse as _capstan_v1_ApplyResponse, ApplyResponse__Output as _capstan_v1_ApplyResponse__Output } from './capstan/v1/ApplyResponse.js';
import type { ApprovalView as _capstan_v1_ApprovalView, ApprovalView__Output as _capstan_v1_ApprovalView__Output } from './capstan/v1/ApprovalView.js';
import type { Approve as _capstan_v1_Approve, Approve__Output as _capstan_v1_Approve__Output } from './capstan/v1/Approve.js';
import type { AssetFolder as _capstan_v1_AssetFolder, AssetFolder__Output as _capstan_v1_AssetFolder__Output } from './capstan/v1/AssetFolder.js';
import type { Assignment as _capstan_v1_Assignment, Assignment__Output as _capstan_v1_Assignment__Output } from './capstan/v1/Assignment.js';
import type { AutoDeployView as _capstan_v1_AutoDeployView, AutoDeployView__Output as _capstan_v1_AutoDeployView__Output } from './capstan/v1/AutoDeployView.js';
import type { Availability as _capstan_v1_Availability, Availability__Output as _capstan_v1_Availability__Output } from './capstan/v1/Availability.js';
import type { BeginPublishRequest as _capstan_v1_BeginPublishRequest, BeginPublishRequest__Output as _capstan_v1_BeginPublishRequest__Output } from './capstan/v1/BeginPublishRequest.js';
import type { BeginPublishResponse as _capstan_v1_BeginPublishResponse, BeginPublishResponse__Output as _capstan_v1_BeginPublishResponse__Output } from './capstan/v1/BeginPublishResponse.js';
import type { CaView as _capstan_v1_CaView, CaView__Output as _capstan_v1_CaView__Output } from './capstan/v1/CaView.js';
import type { Change as _capstan_v1_Change, Change__Output as _capstan_v1_Change__Output } from './capstan/v1/Change.js';
import type { CheckView as _capstan_v1_CheckView, CheckView__Output as _capstan_v1_CheckView__Output } from './capstan/v1/CheckView.js';
import type { ClaimObjectsRequest as _capstan_v1_ClaimObjectsRequest, ClaimObjectsRequest__Output as _capstan_v1_ClaimObjectsRequest__Output } from './capstan/v1/ClaimObjectsRequest.js';
import type { ClaimObjectsResponse as _capstan_v1_ClaimObjectsResponse, ClaimObjectsResponse__Output as _capstan_v1_ClaimObjectsResponse__Output } from './capstan/v1/ClaimObjectsResponse.js';
import type { Cohort as _capstan_v1_Cohort, Cohort__Output as _capstan_v1_Cohort__Output } from './capstan/v1/Cohort.js';
import type { CollectGarbageProgress as _capstan_v1_CollectGarbageProgress, CollectGarbageProgress__Output as _capstan_v1_CollectGarbageProgress__Output } from './capstan/v1/CollectGarbageProgress.js';
import type { CollectGarbageRequest as _capstan_v1_CollectGarbageRequest, CollectGarbageRequest__Output as _capstan_v1_CollectGarbageRequest__Output } from './capstan/v1/CollectGarbageRequest.js';
import type { CollectGarbageResult as _capstan_v1_CollectGarbageResult, CollectGarbageResult__Output as _capstan_v1_CollectGarbageResult__Output } from './capstan/v1/CollectGarbageResult.js';
import type { Comparison as _capstan_v1_Comparison, Comparison__Output as _capstan_v1_Comparison__Output } from './capstan/v1/Comparison.js';
import type { ConfigView as _capstan_v1_ConfigView, ConfigView__Output as _capstan_v1_ConfigView__Output } from './capstan/v1/ConfigView.js';
import type { ConsumerView as _capstan_v1_ConsumerView, ConsumerView__Output as _capstan_v1_ConsumerView__Output } from './capstan/v1/ConsumerView.js';
import type { ControlRolloutRequest as _capstan_v1_ControlRolloutRequest, ControlRolloutRequest__Output as _capstan_v1_ControlRolloutRequest__Output } from './capstan/v1/ControlRolloutRequest.js';
import type { CopyDatabaseRequest as _capstan_v1_CopyDatabaseRequest, CopyDatabaseRequest__Output as _capstan_v1_CopyDatabaseRequest__Output } from './capstan/v1/CopyDatabaseRequest.js';
import type { CreateOperatorRequest as _capstan_v1_CreateOperatorRequest, CreateOperatorRequest__Output as _capstan_v1_CreateOperatorRequest__Output } from './capstan/v1/CreateOperatorRequest.js';
import type { CreateTokenRequest as _capstan_v1_CreateTokenRequest, CreateTokenRequest__Output as _capstan_v1_CreateTokenRequest__Output } from './capstan/v1/CreateTokenRequest.js';
import type { DatabaseFact as _capstan_v1_DatabaseFact, DatabaseFact__Output as _capstan_v1_DatabaseFact__Output } from './capstan/v1/DatabaseFact.js';
import type { DatabasePiece as _capstan_v1_DatabasePiece, DatabasePiece__Output as _capstan_v1_DatabasePiece__Output } from './capstan/v1/DatabasePiece.js';
import type { DecommissionNodeRequest as _capstan_v1_DecommissionNodeRequest, DecommissionNodeRequest__Output as _capstan_v1_DecommissionNodeRequest__Output } from './capstan/v1/DecommissionNodeRequest.js';
import type { DecommissionNodeResponse as _capstan_v1_DecommissionNodeResponse, DecommissionNodeResponse__Output as _capstan_v1_DecommissionNodeResponse__Output } from './capstan/v1/DecommissionNodeResponse.js';
import type { DeltaRef as _capstan_v1_DeltaRef, DeltaRef__Output as _capstan_v1_DeltaRef__Output } from './capstan/v1/DeltaRef.js';
import type { DeployRequest as _capstan_v1_DeployRequest, DeployRequest__Output as _capstan_v1_DeployRequest__Output } from './capstan/v1/DeployRequest.js';
import type { DeployResponse as _capstan_v1_DeployResponse, DeployResponse__Output as _capstan_v1_DeployResponse__Output } from './capstan/v1/DeployResponse.js';
import type { DesiredState as _capstan_v1_DesiredState, DesiredState__Output as _capstan_v1_DesiredState__Output } from './capstan/v1/DesiredState.js';
import type { Drift as _capstan_v1_Drift, Drift__Output as _capstan_v1_Drift__Output } from './capstan/v1/Drift.js';
import type { DriftedPath as _capstan_v1_DriftedPath, DriftedPath__Output as _capstan_v1_DriftedPath__Output } from './capstan/v1/DriftedPath.js';
import type { EnvironmentStatus as _capstan_v1_EnvironmentStatus, EnvironmentStatus__Output as _capstan_v1_EnvironmentStatus__Output } from './capstan/v1/EnvironmentStatus.js';
import type { EnvironmentView as _capstan_v1_EnvironmentView, EnvironmentView__Output as _capstan_v1_EnvironmentView__Output } from './capstan/v1/EnvironmentView.js';
import type { Event as _capstan_v1_Event, Event__Output as _capstan_v1_Event__Output } from './capstan/v1/Event.js';
import type { EvidenceView as _capstan_v1_EvidenceView, EvidenceView__Output as _capstan_v1_EvidenceView__Output } from './capstan/v1/EvidenceView.js';
import type { FetchedFrom as _capstan_v1_FetchedFrom, FetchedFrom__Output as _capstan_v1_FetchedFrom__Output } from './capstan/v1/FetchedFrom.js';
import type { ForgetConsumerRequest as _capstan_v1_ForgetConsumerRequest, ForgetConsumerRequest__Output as _capstan_v1_ForgetConsumerRequest__Output } from './capstan/v1/ForgetConsumerRequest.js';
import type { ForgetConsumerResponse as _capstan_v1_ForgetConsumerResponse, ForgetConsumerResponse__Output as _capstan_v1_ForgetConsumerResponse__Output } from './capstan/v1/ForgetConsumerResponse.js';
import type { ForgivePoisonRequest as _capstan_v1_ForgivePoisonRequest, ForgivePoisonRequest__Output as _capstan_v1_ForgivePoisonRequest__Output } from './capstan/v1/ForgivePoisonRequest.js';
import type { GateRequest as _capstan_v1_GateRequest, GateRequest__Output as _capstan_v1_GateRequest__Output } from './capstan/v1/GateRequest.js';
import type { GetApplicationRequest as _capstan_v1_GetApplicationRequest, GetApplicationRequest__Output as _capstan_v1_GetApplicationRequest__Output } from './capstan/v1/GetApplicationRequest.js';
import type { GetConfigRequest as _capstan_v1_GetConfigRequest, GetConfigRequest__Output as _capstan_v1_GetConfigRequest__Output } from './capstan/v1/GetConfigRequest.js';
import type { GetNodeRequest as _capstan_v1_GetNodeRequest, GetNodeRequest__Output as _capstan_v1_GetNodeRequest__Output } from './capstan/v1/GetNodeRequest.js';
import type { GetReleaseRequest as _capstan_v1_GetReleaseRequest, GetReleaseRequest__Output as _capstan_v1_GetReleaseRequest__Output } from './capstan/v1/GetReleaseRequest.js';
import type { GetRolloutRequest as _capstan_v1_GetRolloutRequest, GetRolloutRequest__Output as _capstan_v1_GetRolloutRequest__Output } from './capstan/v1/GetRolloutRequest.js';
import type { GetSelfRequest as _capstan_v1_GetSelfRequest, GetSelfRequest__Output as _capstan_v1_GetSelfRequest__Output } from './capstan/v1/GetSelfRequest.js';
import type { HostFacts as _capstan_v1_HostFacts, HostFacts__Output as _capstan_v1_HostFacts__Output } from './capstan/v1/HostFacts.js';
import type { LabelNodeRequest as _capstan_v1_LabelNodeRequest, LabelNodeRequest__Output as _capstan_v1_LabelNodeRequest__Output } from './capstan/v1/LabelNodeRequest.js';
import type { ListApplicationsRequest as _capstan_v1_ListApplicationsRequest, ListApplicationsRequest__Output as _capstan_v1_ListApplicationsRequest__Output } from './capstan/v1/ListApplicationsRequest.js';
import type { ListApplicationsResponse as _capstan_v1_ListApplicationsResponse, ListApplicationsResponse__Output as _capstan_v1_ListApplicationsResponse__Output } from './capstan/v1/ListApplicationsResponse.js';
import type { ListConfigsRequest as _capstan_v1_ListConfigsRequest, ListConfigsRequest__Output as _capstan_v1_ListConfigsRequest__Output } from './capstan/v1/ListConfigsRequest.js';
import type { ListConfigsResponse as _capstan_v1_ListConfigsResponse, ListConfigsResponse__Output as _capstan_v1_ListConfigsResponse__Output } from './capstan/v1/ListConfigsResponse.js';
import type { ListConsumersRequest as _capstan_v1_ListConsumersRequest, ListConsumersRequest__Output as _capstan_v1_ListConsumersRequest__Output } from './capstan/v1/ListConsumersRequest.js';
import type { ListConsumersResponse as _capstan_v1_ListConsumersResponse, ListConsumersResponse__Output as _capstan_v1_ListConsumersResponse__Output } from './capstan/v1/ListConsumersResponse.js';
import type { ListEventsRequest as _capstan_v1_ListEventsRequest, ListEventsRequest__Output as _capstan_v1_ListEventsRequest__Output } from './capstan/v1/ListEventsRequest.js';
import type { ListNodesRequest as _capstan_v1_ListNodesRequest, ListNodesRequest__Output as _capstan_v1_ListNodesRequest__Output } from './capstan/v1/ListNodesRequest.js';
import type { ListNodesResponse as _capstan_v1_ListNodesResponse, ListNodesResponse__Output as _capstan_v1_ListNodesResponse__Output } from './capstan/v1/ListNodesResponse.js';
import type { ListOperatorsRequest as _capstan_v1_ListOperatorsRequest, ListOperatorsRequest__Output as _capstan_v1_ListOperatorsRequest__Output } from './capstan/v1/ListOperatorsRequest.js';
import type { ListOperatorsResponse as _capstan_v1_ListOperatorsResponse, ListOperatorsResponse__Output as _capstan_v1_ListOperatorsResponse__Output } from './capstan/v1/ListOperatorsResponse.js';
import type { ListPoisonRequest as _capstan_v1_ListPoisonRequest, ListPoisonRequest__Output as _capstan_v1_ListPoisonRequest__Output } from './capstan/v1/ListPoisonRequest.js';
import type { ListPoisonResponse as _capstan_v1_ListPoisonResponse, ListPoisonResponse__Output as _capstan_v1_ListPoisonResponse__Output } from './capstan/v1/ListPoisonResponse.js';
import type { ListReleasesRequest as _capstan_v1_ListReleasesRequest, ListReleasesRequest__Output as _capstan_v1_ListReleasesRequest__Output } from './capstan/v1/ListReleasesRequest.js';
import type { ListReleasesResponse as _capstan_v1_ListReleasesResponse, ListReleasesResponse__Output as _capstan_v1_ListReleasesResponse__Output } from './capstan/v1/ListReleasesResponse.js';
import type { ListRolloutsRequest as _capstan_v1_ListRolloutsRequest, ListRolloutsRequest__Output as _capstan_v1_ListRolloutsRequest__Output } from './capstan/v1/ListRolloutsRequest.js';
import type { ListRolloutsResponse as _capstan_v1_ListRolloutsResponse, ListRolloutsResponse__Output as _capstan_v1_ListRolloutsResponse__Output } from './capstan/v1/ListRolloutsResponse.js';
import type { ListTokensRequest as _capstan_v1_ListTokensRequest, ListTokensRequest__Output as _capstan_v1_ListTokensRequest__Output } from './capstan/v1/ListTokensRequest.js';
import type { ListTokensResponse as _capstan_v1_ListTokensResponse, ListTokensResponse__Output as _capstan_v1_ListTokensResponse__Output } from './capstan/v1/ListTokensResponse.js';
import type { LockEnvironmentRequest as _capstan_v1_LockEnvironmentRequest, LockEnvironmentRequest__Output as _capstan_v1_LockEnvironmentRequest__Output } from './capstan/v1/LockEnvironmentRequest.js';
import type { LockView as _capstan_v1_LockView, LockView__Output as _capstan_v1_LockView__Output } from './capstan/v1/LockView.js';
import type { LogsRequest as _capstan_v1_LogsRequest, LogsRequest__Output as _capstan_v1_LogsRequest__Output } from './capstan/v1/LogsRequest.js';
import type { LogsResponse as _capstan_v1_LogsResponse, LogsResponse__Output as _capstan_v1_LogsResponse__Output } from './capstan/v1/LogsResponse.js';
import type { NextRelease as _capstan_v1_NextRelease, NextRelease__Output as _capstan_v1_NextRelease__Output } from './capstan/v1/NextRelease.js';
import type { NodeAppView as _capstan_v1_NodeAppView, NodeAppView__Output as _capstan_v1_NodeAppView__Output } from './capstan/v1/NodeAppView.js';
import type { NodeNames as _capstan_v1_NodeNames, NodeNames__Output as _capstan_v1_NodeNames__Output } from './capstan/v1/NodeNames.js';
import type { NodeStatus as _capstan_v1_NodeStatus, NodeStatus__Output as _capstan_v1_NodeStatus__Output } from './capstan/v1/NodeStatus.js';
import type { NodeView as _capstan_v1_NodeView, NodeView__Output as _capstan_v1_NodeView__Output } from './capstan/v1/NodeView.js';
import type { ObjectCount as _capstan_v1_ObjectCount, ObjectCount__Output as _capstan_v1_ObjectCount__Output } from './capstan/v1/ObjectCount.js';
import type { OperatorServiceClient as _capstan_v1_OperatorServiceClient, OperatorServiceDefinition as _capstan_v1_OperatorServiceDefinition } from './capstan/v1/OperatorService.js';
import type { OperatorView as _capstan_v1_OperatorView, OperatorView__Output as _capstan_v1_OperatorView__Output } from './capstan/v1/OperatorView.js';
import type { Pause as _capstan_v1_Pause, Pause__Output as _capstan_v1_Pause__Output } from './capstan/v1/Pause.js';
import type { PlanRequest as _capstan_v1_PlanRequest, PlanRequest__Output as _capstan_v1_PlanRequest__Output } from './capstan/v1/PlanRequest.js';
import type { PlanResponse as _capstan_v1_PlanResponse, PlanResponse__Output as _capstan_v1_PlanResponse__Output } from './capstan/v1/PlanResponse.js';
import type { PlannedApproval as _capstan_v1_PlannedApproval, PlannedApproval__Output as _capstan_v1_PlannedApproval__Output } from './capstan/v1/PlannedApproval.js';
import type { PlannedChange as _capstan_v1_PlannedChange, PlannedChange__Output as _capstan_v1_PlannedChange__Output } from './capstan/v1/PlannedChange.js';
import type { PlannedWait as _capstan_v1_PlannedWait, PlannedWait__Output as _capstan_v1_PlannedWait__Output } from './capstan/v1/PlannedWait.js';
import type { PlannedWave as _capstan_v1_PlannedWave, PlannedWave__Output as _capstan_v1_PlannedWave__Output } from './capstan/v1/PlannedWave.js';
import type { PoisonView as _capstan_v1_PoisonView, PoisonView__Output as _capstan_v1_PoisonView__Output } from './capstan/v1/PoisonView.js';
import type { Pressure as _capstan_v1_Pressure, Pressure__Output as _capstan_v1_Pressure__Output } from './capstan/v1/Pressure.js';
import type { PromotionResponse as _capstan_v1_PromotionResponse, PromotionResponse__Output as _capstan_v1_PromotionResponse__Output } from './capstan/v1/PromotionResponse.js';
import type { PromotionView as _capstan_v1_PromotionView, PromotionView__Output as _capstan_v1_PromotionView__Output } from './capstan/v1/PromotionView.js';
import type { RecordCheckRequest as _capstan_v1_RecordCheckRequest, RecordCheckRequest__Output as _capstan_v1_RecordCheckRequest__Output } from './capstan/v1/RecordCheckRequest.js';
import type { RegisterReleaseRequest as _capstan_v1_RegisterReleaseRequest, RegisterReleaseRequest__Output as _capstan_v1_RegisterReleaseRequest__Output } from './capstan/v1/RegisterReleaseRequest.js';
import type { RegisterReleaseResponse as _capstan_v1_RegisterReleaseResponse, RegisterReleaseResponse__Output as _capstan_v1_RegisterReleaseResponse__Output } from './capstan/v1/RegisterReleaseResponse.js';
import type { ReleaseId as _capstan_v1_ReleaseId, ReleaseId__Output as _capstan_v1_ReleaseId__Output } from './capstan/v1/ReleaseId.js';
import type { ReleaseRef as _capstan_v1_ReleaseRef, ReleaseRef__Output as _capstan_v1_ReleaseRef__Output } from './capstan/v1/ReleaseRef.js';
import type { ReleaseSlot as _capstan_v1_ReleaseSlot, ReleaseSlot__Output as _capstan_v1_ReleaseSlot__Output } from './capstan/v1/ReleaseSlot.js';
import type { ReleaseView as _capstan_v1_ReleaseView, ReleaseView__Output as _capstan_v1_ReleaseView__Output } from './capstan/v1/ReleaseView.js';
import type { RemoveApplicationRequest as _capstan_v1_RemoveApplicationRequest, RemoveApplicationRequest__Output as _capstan_v1_RemoveApplicationRequest__Output } from './capstan/v1/RemoveApplicationRequest.js';
import type { RemoveApplicationResponse as _capstan_v1_RemoveApplicationResponse, RemoveApplicationResponse__Output as _capstan_v1_RemoveApplicationResponse__Output } from './capstan/v1/RemoveApplicationResponse.js';
import type { RestartRequest as _capstan_v1_RestartRequest, RestartRequest__Output as _capstan_v1_RestartRequest__Output } from './capstan/v1/RestartRequest.js';
import type { Resume as _capstan_v1_Resume, Resume__Output as _capstan_v1_Resume__Output } from './capstan/v1/Resume.js';
import type { RevokeOperatorRequest as _capstan_v1_RevokeOperatorRequest, RevokeOperatorRequest__Output as _capstan_v1_RevokeOperatorRequest__Output } from './capstan/v1/RevokeOperatorRequest.js';
import type { RevokeTokenRequest as _capstan_v1_RevokeTokenRequest, RevokeTokenRequest__Output as _capstan_v1_RevokeTokenRequest__Output } from './capstan/v1/RevokeTokenRequest.js';
import type { RollbackRequest as _capstan_v1_RollbackRequest, RollbackRequest__Output as _capstan_v1_RollbackRequest__Output } from './capstan/v1/RollbackRequest.js';
import type { RolloutNodeView as _capstan_v1_RolloutNodeView, RolloutNodeView__Output as _capstan_v1_RolloutNodeView__Output } from './capstan/v1/RolloutNodeView.js';
import type { RolloutView as _capstan_v1_RolloutView, RolloutView__Output as _capstan_v1_RolloutView__Output } from './capstan/v1/RolloutView.js';
import type { Serving as _capstan_v1_Serving, Serving__Output as _capstan_v1_Serving__Output } from './capstan/v1/Serving.js';
import type { ShowCaRequest as _capstan_v1_ShowCaRequest, ShowCaRequest__Output as _capstan_v1_ShowCaRequest__Output } from './capstan/v1/ShowCaRequest.js';
import type { SignReleaseRequest as _capstan_v1_SignReleaseRequest, SignReleaseRequest__Output as _capstan_v1_SignReleaseRequest__Output } from './capstan/v1/SignReleaseRequest.js';
import type { SlotsView as _capstan_v1_SlotsView, SlotsView__Output as _capstan_v1_SlotsView__Output } from './capstan/v1/SlotsView.js';
import type { SpecFile as _capstan_v1_SpecFile, SpecFile__Output as _capstan_v1_SpecFile__Output } from './capstan/v1/SpecFile.js';
import type { StandingView as _capstan_v1_StandingView, StandingView__Output as _capstan_v1_StandingView__Output } from './capstan/v1/StandingView.js';
import type { StatusRequest as _capstan_v1_StatusRequest, StatusRequest__Output as _capstan_v1_StatusRequest__Output } from './capstan/v1/StatusRequest.js';
import type { StatusResponse as _capstan_v1_StatusResponse, StatusResponse__Output as _capstan_v1_StatusResponse__Output } from './capstan/v1/StatusResponse.js';
import type { StepFailure as _capstan_v1_StepFailure, StepFailure__Output as _capstan_v1_StepFailure__Output } from './capstan/v1/StepFailure.js';
import type { StoreProblem as _capstan_v1_StoreProblem, StoreProblem__Output as _capstan_v1_StoreProblem__Output } from './capstan/v1/StoreProblem.js';
import type { Switch as _capstan_v1_Switch, Switch__Output as _capstan_v1_Switch__Output } from './capstan/v1/Switch.js';
import type { SwitchBack as _capstan_v1_SwitchBack, SwitchBack__Output as _capstan_v1_SwitchBack__Output } from './capstan/v1/SwitchBack.js';
import type { TokenView as _capstan_v1_TokenView, TokenView__Output as _capstan_v1_TokenView__Output } from './capstan/v1/TokenView.js';
import type { UnlockEnvironmentRequest as _capstan_v1_UnlockEnvironmentRequest, UnlockEnvironmentRequest__Output as _capstan_v1_UnlockEnvironmentRequest__Output } from './capstan/v1/UnlockEnvironmentRequest.js';
import type { VerifyEventsProgress as _capstan_v1_VerifyEventsProgress, VerifyEventsProgress__Output as _capstan_v1_VerifyEventsProgress__Output } from './capstan/v1/VerifyEventsProgress.js';
import type { VerifyEventsRequest as _capstan_v1_VerifyEventsRequest, VerifyEventsRequest__Output as _capstan_v1_VerifyEventsRequest__Output } from './capstan/v1/VerifyEventsRequest.js';
import type { VerifyStoreProgress as _capstan_v1_VerifyStoreProgress, VerifyStoreProgress__Output as _capstan_v1_VerifyStoreProgress__Output } from './capstan/v1/VerifyStoreProgress.js';
import type { VerifyStoreRequest as _capstan_v1_VerifyStoreRequest, VerifyStoreRequest__Output as _capstan_v1_VerifyStoreRequest__Output } from './capstan/v1/VerifyStoreRequest.js';
import type { VerifyStoreResult as _capstan_v1_VerifyStoreResult, VerifyStoreResult__Output as _capstan_v1_VerifyStoreResult__Output } from './capstan/v1/VerifyStoreResult.js';
import type { WaveView as _capstan_v1_WaveView, WaveView__Output as _capstan_v1_WaveView__Output } from './capstan/v1/WaveView.js';
import type { WhyRequest as _capstan_v1_WhyRequest, WhyRequest__Output as _capstan_v1_WhyRequest__Output } from './capstan/v1/WhyRequest.js';
import type { WhyResponse as _capstan_v1_WhyResponse, WhyResponse__Output as _capstan_v1_WhyResponse__Output } from './capstan/v1/WhyResponse.js';
import type { WindowView as _capstan_v1_WindowView, WindowView__Output as _capstan_v1_WindowView__Output } from './capstan/v1/WindowView.js';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  capstan: {
    v1: {
      Abort: MessageTypeDefinition<_capstan_v1_Abort, _capstan_v1_Abort__Output>
      AcknowledgeEventsRequest: MessageTypeDefinition<_capstan_v1_AcknowledgeEventsRequest, _capstan_v1_AcknowledgeEventsRequest__Output>
      ActivationPolicy: MessageTypeDefinition<_capstan_v1_ActivationPolicy, _capstan_v1_ActivationPolicy__Output>
      AppStatus: MessageTypeDefinition<_capstan_v1_AppStatus, _capstan_v1_AppStatus__Output>
      ApplicationView: MessageTypeDefinition<_capstan_v1_ApplicationView, _capstan_v1_ApplicationView__Output>
      ApplyRequest: MessageTypeDefinition<_capstan_v1_ApplyRequest, _capstan_v1_ApplyRequest__Output>
      ApplyResponse: MessageTypeDefinition<_capstan_v1_ApplyResponse, _capstan_v1_ApplyResponse__Output>
      ApprovalView: MessageTypeDefinition<_capstan_v1_ApprovalView, _capstan_v1_ApprovalView__Output>
      Approve: MessageTypeDefinition<_capstan_v1_Approve, _capstan_v1_Approve__Output>
      AssetFolder: MessageTypeDefinition<_capstan_v1_AssetFolder, _capstan_v1_AssetFolder__Output>
      Assignment: MessageTypeDefinition<_capstan_v1_Assignment, _capstan_v1_Assignment__Output>
      AutoDeployView: MessageTypeDefinition<_capstan_v1_AutoDeployView, _capstan_v1_AutoDeployView__Output>
      Availability: MessageTypeDefinition<_capstan_v1_Availability, _capstan_v1_Availability__Output>
      BeginPublishRequest: MessageTypeDefinition<_capstan_v1_BeginPublishRequest, _capstan_v1_BeginPublishRequest__Output>
      BeginPublishResponse: MessageTypeDefinition<_capstan_v1_BeginPublishResponse, _capstan_v1_BeginPublishResponse__Output>
      CaView: MessageTypeDefinition<_capstan_v1_CaView, _capstan_v1_CaView__Output>
      Change: MessageTypeDefinition<_capstan_v1_Change, _capstan_v1_Change__Output>
      CheckView: MessageTypeDefinition<_capstan_v1_CheckView, _capstan_v1_CheckView__Output>
      ClaimObjectsRequest: MessageTypeDefinition<_capstan_v1_ClaimObjectsRequest, _capstan_v1_ClaimObjectsRequest__Output>
      ClaimObjectsResponse: MessageTypeDefinition<_capstan_v1_ClaimObjectsResponse, _capstan_v1_ClaimObjectsResponse__Output>
      Cohort: MessageTypeDefinition<_capstan_v1_Cohort, _capstan_v1_Cohort__Output>
      CollectGarbageProgress: MessageTypeDefinition<_capstan_v1_CollectGarbageProgress, _capstan_v1_CollectGarbageProgress__Output>
      CollectGarbageRequest: MessageTypeDefinition<_capstan_v1_CollectGarbageRequest, _capstan_v1_CollectGarbageRequest__Output>
      CollectGarbageResult: MessageTypeDefinition<_capstan_v1_CollectGarbageResult, _capstan_v1_CollectGarbageResult__Output>
      Comparison: MessageTypeDefinition<_capstan_v1_Comparison, _capstan_v1_Comparison__Output>
      ConfigView: MessageTypeDefinition<_capstan_v1_ConfigView, _capstan_v1_ConfigView__Output>
      ConsumerView: MessageTypeDefinition<_capstan_v1_ConsumerView, _capstan_v1_ConsumerView__Output>
      ControlRolloutRequest: MessageTypeDefinition<_capstan_v1_ControlRolloutRequest, _capstan_v1_ControlRolloutRequest__Output>
      CopyDatabaseRequest: MessageTypeDefinition<_capstan_v1_CopyDatabaseRequest, _capstan_v1_CopyDatabaseRequest__Output>
      CreateOperatorRequest: MessageTypeDefinition<_capstan_v1_CreateOperatorRequest, _capstan_v1_CreateOperatorRequest__Output>
      CreateTokenRequest: MessageTypeDefinition<_capstan_v1_CreateTokenRequest, _capstan_v1_CreateTokenRequest__Output>
      DatabaseFact: MessageTypeDefinition<_capstan_v1_DatabaseFact, _capstan_v1_DatabaseFact__Output>
      DatabasePiece: MessageTypeDefinition<_capstan_v1_DatabasePiece, _capstan_v1_DatabasePiece__Output>
      DecommissionNodeRequest: MessageTypeDefinition<_capstan_v1_DecommissionNodeRequest, _capstan_v1_DecommissionNodeRequest__Output>
      DecommissionNodeResponse: MessageTypeDefinition<_capstan_v1_DecommissionNodeResponse, _capstan_v1_DecommissionNodeResponse__Output>
      DeltaRef: MessageTypeDefinition<_capstan_v1_DeltaRef, _capstan_v1_DeltaRef__Output>
      DeployRequest: MessageTypeDefinition<_capstan_v1_DeployRequest, _capstan_v1_DeployRequest__Output>
      DeployResponse: MessageTypeDefinition<_capstan_v1_DeployResponse, _capstan_v1_DeployResponse__Output>
      DesiredState: MessageTypeDefinition<_capstan_v1_DesiredState, _capstan_v1_DesiredState__Output>
      Drift: MessageTypeDefinition<_capstan_v1_Drift, _capstan_v1_Drift__Output>
      DriftedPath: MessageTypeDefinition<_capstan_v1_DriftedPath, _capstan_v1_DriftedPath__Output>
      EnvironmentStatus: MessageTypeDefinition<_capstan_v1_EnvironmentStatus, _capstan_v1_EnvironmentStatus__Output>
      EnvironmentView: MessageTypeDefinition<_capstan_v1_EnvironmentView, _capstan_v1_EnvironmentView__Output>
      Event: MessageTypeDefinition<_capstan_v1_Event, _capstan_v1_Event__Output>
      EvidenceView: MessageTypeDefinition<_capstan_v1_EvidenceView, _capstan_v1_EvidenceView__Output>
      FetchedFrom: MessageTypeDefinition<_capstan_v1_FetchedFrom, _capstan_v1_FetchedFrom__Output>
      ForgetConsumerRequest: MessageTypeDefinition<_capstan_v1_ForgetConsumerRequest, _capstan_v1_ForgetConsumerRequest__Output>
      ForgetConsumerResponse: MessageTypeDefinition<_capstan_v1_ForgetConsumerResponse, _capstan_v1_ForgetConsumerResponse__Output>
      ForgivePoisonRequest: MessageTypeDefinition<_capstan_v1_ForgivePoisonRequest, _capstan_v1_ForgivePoisonRequest__Output>
      GateRequest: MessageTypeDefinition<_capstan_v1_GateRequest, _capstan_v1_GateRequest__Output>
      GetApplicationRequest: MessageTypeDefinition<_capstan_v1_GetApplicationRequest, _capstan_v1_GetApplicationRequest__Output>
      GetConfigRequest: MessageTypeDefinition<_capstan_v1_GetConfigRequest, _capstan_v1_GetConfigRequest__Output>
      GetNodeRequest: MessageTypeDefinition<_capstan_v1_GetNodeRequest, _capstan_v1_GetNodeRequest__Output>
      GetReleaseRequest: MessageTypeDefinition<_capstan_v1_GetReleaseRequest, _capstan_v1_GetReleaseRequest__Output>
      GetRolloutRequest: MessageTypeDefinition<_capstan_v1_GetRolloutRequest, _capstan_v1_GetRolloutRequest__Output>
      GetSelfRequest: MessageTypeDefinition<_capstan_v1_GetSelfRequest, _capstan_v1_GetSelfRequest__Output>
      Health: EnumTypeDefinition
      HostFacts: MessageTypeDefinition<_capstan_v1_HostFacts, _capstan_v1_HostFacts__Output>
      Intent: EnumTypeDefinition
      LabelNodeRequest: MessageTypeDefinition<_capstan_v1_LabelNodeRequest, _capstan_v1_LabelNodeRequest__Output>
      ListApplicationsRequest: MessageTypeDefinition<_capstan_v1_ListApplicationsRequest, _capstan_v1_ListApplicationsRequest__Output>
      ListApplicationsResponse: MessageTypeDefinition<_capstan_v1_ListApplicationsResponse, _capstan_v1_ListApplicationsResponse__Output>
      ListConfigsRequest: MessageTypeDefinition<_capstan_v1_ListConfigsRequest, _capstan_v1_ListConfigsRequest__Output>
      ListConfigsResponse: MessageTypeDefinition<_capstan_v1_ListConfigsResponse, _capstan_v1_ListConfigsResponse__Output>
      ListConsumersRequest: MessageTypeDefinition<_capstan_v1_ListConsumersRequest, _capstan_v1_ListConsumersRequest__Output>
      ListConsumersResponse: MessageTypeDefinition<_capstan_v1_ListConsumersResponse, _capstan_v1_ListConsumersResponse__Output>
      ListEventsRequest: MessageTypeDefinition<_capstan_v1_ListEventsRequest, _capstan_v1_ListEventsRequest__Output>
      ListNodesRequest: MessageTypeDefinition<_capstan_v1_ListNodesRequest, _capstan_v1_ListNodesRequest__Output>
      ListNodesResponse: MessageTypeDefinition<_capstan_v1_ListNodesResponse, _capstan_v1_ListNodesResponse__Output>
      ListOperatorsRequest: MessageTypeDefinition<_capstan_v1_ListOperatorsRequest, _capstan_v1_ListOperatorsRequest__Output>
      ListOperatorsResponse: MessageTypeDefinition<_capstan_v1_ListOperatorsResponse, _capstan_v1_ListOperatorsResponse__Output>
      ListPoisonRequest: MessageTypeDefinition<_capstan_v1_ListPoisonRequest, _capstan_v1_ListPoisonRequest__Output>
      ListPoisonResponse: MessageTypeDefinition<_capstan_v1_ListPoisonResponse, _capstan_v1_ListPoisonResponse__Output>
      ListReleasesRequest: MessageTypeDefinition<_capstan_v1_ListReleasesRequest, _capstan_v1_ListReleasesRequest__Output>
      ListReleasesResponse: MessageTypeDefinition<_capstan_v1_ListReleasesResponse, _capstan_v1_ListReleasesResponse__Output>
      ListRolloutsRequest: MessageTypeDefinition<_capstan_v1_ListRolloutsRequest, _capstan_v1_ListRolloutsRequest__Output>
      ListRolloutsResponse: MessageTypeDefinition<_capstan_v1_ListRolloutsResponse, _capstan_v1_ListRolloutsResponse__Output>
      ListTokensRequest: MessageTypeDefinition<_capstan_v1_ListTokensRequest, _capstan_v1_ListTokensRequest__Output>
      ListTokensResponse: MessageTypeDefinition<_capstan_v1_ListTokensResponse, _capstan_v1_ListTokensResponse__Output>
      LockEnvironmentRequest: MessageTypeDefinition<_capstan_v1_LockEnvironmentRequest, _capstan_v1_LockEnvironmentRequest__Output>
      LockView: MessageTypeDefinition<_capstan_v1_LockView, _capstan_v1_LockView__Output>
      LogsRequest: MessageTypeDefinition<_capstan_v1_LogsRequest, _capstan_v1_LogsRequest__Output>
      LogsResponse: MessageTypeDefinition<_capstan_v1_LogsResponse, _capstan_v1_LogsResponse__Output>
      NextRelease: MessageTypeDefinition<_capstan_v1_NextRelease, _capstan_v1_NextRelease__Output>
      NodeAppView: MessageTypeDefinition<_capstan_v1_NodeAppView, _capstan_v1_NodeAppView__Output>
      NodeNames: MessageTypeDefinition<_capstan_v1_NodeNames, _capstan_v1_NodeNames__Output>
      NodePhase: EnumTypeDefinition
      NodeStatus: MessageTypeDefinition<_capstan_v1_NodeStatus, _capstan_v1_NodeStatus__Output>
      NodeView: MessageTypeDefinition<_capstan_v1_NodeView, _capstan_v1_NodeView__Output>
      ObjectCount: MessageTypeDefinition<_capstan_v1_ObjectCount, _capstan_v1_ObjectCount__Output>
      OperatorService: SubtypeConstructor<typeof grpc.Client, _capstan_v1_OperatorServiceClient> & { service: _capstan_v1_OperatorServiceDefinition }
      OperatorView: MessageTypeDefinition<_capstan_v1_OperatorView, _capstan_v1_OperatorView__Output>
      Pause: MessageTypeDefinition<_capstan_v1_Pause, _capstan_v1_Pause__Output>
      PlanRequest: MessageTypeDefinition<_capstan_v1_PlanRequest, _capstan_v1_PlanRequest__Output>
      PlanResponse: MessageTypeDefinition<_capstan_v1_PlanResponse, _capstan_v1_PlanResponse__Output>
      PlannedApproval: MessageTypeDefinition<_capstan_v1_PlannedApproval, _capstan_v1_PlannedApproval__Output>
      PlannedChange: MessageTypeDefinition<_capstan_v1_PlannedChange, _capstan_v1_PlannedChange__Output>
      PlannedWait: MessageTypeDefinition<_capstan_v1_PlannedWait, _capstan_v1_PlannedWait__Output>
      PlannedWave: MessageTypeDefinition<_capstan_v1_PlannedWave, _capstan_v1_PlannedWave__Output>
      PoisonView: MessageTypeDefinition<_capstan_v1_PoisonView, _capstan_v1_PoisonView__Output>
      Pressure: MessageTypeDefinition<_capstan_v1_Pressure, _capstan_v1_Pressure__Output>
      PromotionResponse: MessageTypeDefinition<_capstan_v1_PromotionResponse, _capstan_v1_PromotionResponse__Output>
      PromotionView: MessageTypeDefinition<_capstan_v1_PromotionView, _capstan_v1_PromotionView__Output>
      RecordCheckRequest: MessageTypeDefinition<_capstan_v1_RecordCheckRequest, _capstan_v1_RecordCheckRequest__Output>
      RegisterReleaseRequest: MessageTypeDefinition<_capstan_v1_RegisterReleaseRequest, _capstan_v1_RegisterReleaseRequest__Output>
      RegisterReleaseResponse: MessageTypeDefinition<_capstan_v1_RegisterReleaseResponse, _capstan_v1_RegisterReleaseResponse__Output>
      ReleaseId: MessageTypeDefinition<_capstan_v1_ReleaseId, _capstan_v1_ReleaseId__Output>
      ReleaseRef: MessageTypeDefinition<_capstan_v1_ReleaseRef, _capstan_v1_ReleaseRef__Output>
      ReleaseSlot: MessageTypeDefinition<_capstan_v1_ReleaseSlot, _capstan_v1_ReleaseSlot__Output>
      ReleaseView: MessageTypeDefinition<_capstan_v1_ReleaseView, _capstan_v1_ReleaseView__Output>
      RemoveApplicationRequest: MessageTypeDefinition<_capstan_v1_RemoveApplicationRequest, _capstan_v1_RemoveApplicationRequest__Output>
      RemoveApplicationResponse: MessageTypeDefinition<_capstan_v1_RemoveApplicationResponse, _capstan_v1_RemoveApplicationResponse__Output>
      RestartRequest: MessageTypeDefinition<_capstan_v1_RestartRequest, _capstan_v1_RestartRequest__Output>
      Resume: MessageTypeDefinition<_capstan_v1_Resume, _capstan_v1_Resume__Output>
      RevokeOperatorRequest: MessageTypeDefinition<_capstan_v1_RevokeOperatorRequest, _capstan_v1_RevokeOperatorRequest__Output>
      RevokeTokenRequest: MessageTypeDefinition<_capstan_v1_RevokeTokenRequest, _capstan_v1_RevokeTokenRequest__Output>
      RollbackRequest: MessageTypeDefinition<_capstan_v1_RollbackRequest, _capstan_v1_RollbackRequest__Output>
      RolloutNodeView: MessageTypeDefinition<_capstan_v1_RolloutNodeView, _capstan_v1_RolloutNodeView__Output>
      RolloutView: MessageTypeDefinition<_capstan_v1_RolloutView, _capstan_v1_RolloutView__Output>
      Serving: MessageTypeDefinition<_capstan_v1_Serving, _capstan_v1_Serving__Output>
      ShowCaRequest: MessageTypeDefinition<_capstan_v1_ShowCaRequest, _capstan_v1_ShowCaRequest__Output>
      SignReleaseRequest: MessageTypeDefinition<_capstan_v1_SignReleaseRequest, _capstan_v1_SignReleaseRequest__Output>
      SlotsView: MessageTypeDefinition<_capstan_v1_SlotsView, _capstan_v1_SlotsView__Output>
      SpecFile: MessageTypeDefinition<_capstan_v1_SpecFile, _capstan_v1_SpecFile__Output>
      StandingView: MessageTypeDefinition<_capstan_v1_StandingView, _capstan_v1_StandingView__Output>
      StatusRequest: MessageTypeDefinition<_capstan_v1_StatusRequest, _capstan_v1_StatusRequest__Output>
      StatusResponse: MessageTypeDefinition<_capstan_v1_StatusResponse, _capstan_v1_StatusResponse__Output>
      StepFailure: MessageTypeDefinition<_capstan_v1_StepFailure, _capstan_v1_StepFailure__Output>
      StoreProblem: MessageTypeDefinition<_capstan_v1_StoreProblem, _capstan_v1_StoreProblem__Output>
      Switch: MessageTypeDefinition<_capstan_v1_Switch, _capstan_v1_Switch__Output>
      SwitchBack: MessageTypeDefinition<_capstan_v1_SwitchBack, _capstan_v1_SwitchBack__Output>
      TokenView: MessageTypeDefinition<_capstan_v1_TokenView, _capstan_v1_TokenView__Output>
      UnlockEnvironmentRequest: MessageTypeDefinition<_capstan_v1_UnlockEnvironmentRequest, _capstan_v1_UnlockEnvironmentRequest__Output>
      VerifyEventsProgress: MessageTypeDefinition<_capstan_v1_VerifyEventsProgress, _capstan_v1_VerifyEventsProgress__Output>
      VerifyEventsRequest: MessageTypeDefinition<_capstan_v1_VerifyEventsRequest, _capstan_v1_VerifyEventsRequest__Output>
      VerifyStoreProgress: MessageTypeDefinition<_capstan_v1_VerifyStoreProgress, _capstan_v1_VerifyStoreProgress__Output>
      VerifyStoreRequest: MessageTypeDefinition<_capstan_v1_VerifyStoreRequest, _capstan_v1_VerifyStoreRequest__Output>
      VerifyStoreResult: MessageTypeDefinition<_capstan_v1_VerifyStoreResult, _capstan_v1_VerifyStoreResult__Output>
      WaveView: MessageTypeDefinition<_capstan_v1_WaveView, _capstan_v1_WaveView__Output>
      WhyRequest: MessageTypeDefinition<_capstan_v1_WhyRequest, _capstan_v1_WhyRequest__Output>
      WhyResponse: MessageTypeDefinition<_capstan_v1_WhyResponse, _capstan_v1_WhyResponse__Output>
      WindowView: MessageTypeDefinition<_capstan_v1_WindowView, _capstan_v1_WindowView__Output>
    }
  }
}

