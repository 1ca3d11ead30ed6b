export const operatorDescriptor = {
 "nested": {
  "capstan": {
   "nested": {
    "v1": {
     "nested": {
      "OperatorService": {
       "methods": {
        "Apply": {
         "requestType": "ApplyRequest",
         "responseType": "ApplyResponse"
        },
        "ListApplications": {
         "requestType": "ListApplicationsRequest",
         "responseType": "ListApplicationsResponse"
        },
        "GetApplication": {
         "requestType": "GetApplicationRequest",
         "responseType": "ApplicationView"
        },
        "Status": {
         "requestType": "StatusRequest",
         "responseType": "StatusResponse"
        },
        "ListConfigs": {
         "requestType": "ListConfigsRequest",
         "responseType": "ListConfigsResponse"
        },
        "GetConfig": {
         "requestType": "GetConfigRequest",
         "responseType": "ConfigView"
        },
        "RemoveApplication": {
         "requestType": "RemoveApplicationRequest",
         "responseType": "RemoveApplicationResponse"
        },
        "BeginPublish": {
         "requestType": "BeginPublishRequest",
         "responseType": "BeginPublishResponse"
        },
        "ClaimObjects": {
         "requestType": "ClaimObjectsRequest",
         "responseType": "ClaimObjectsResponse"
        },
        "RegisterRelease": {
         "requestType": "RegisterReleaseRequest",
         "responseType": "RegisterReleaseResponse"
        },
        "ListReleases": {
         "requestType": "ListReleasesRequest",
         "responseType": "ListReleasesResponse"
        },
        "GetRelease": {
         "requestType": "GetReleaseRequest",
         "responseType": "ReleaseView"
        },
        "SignRelease": {
         "requestType": "SignReleaseRequest",
         "responseType": "ReleaseView"
        },
        "RecordCheck": {
         "requestType": "RecordCheckRequest",
         "responseType": "PromotionResponse"
        },
        "ApproveRelease": {
         "requestType": "GateRequest",
         "responseType": "PromotionResponse"
        },
        "PromoteRelease": {
         "requestType": "GateRequest",
         "responseType": "PromotionResponse"
        },
        "Deploy": {
         "requestType": "DeployRequest",
         "responseType": "DeployResponse"
        },
        "Stage": {
         "requestType": "DeployRequest",
         "responseType": "DeployResponse"
        },
        "Restart": {
         "requestType": "RestartRequest",
         "responseType": "DeployResponse"
        },
        "Rollback": {
         "requestType": "RollbackRequest",
         "responseType": "DeployResponse"
        },
        "ListRollouts": {
         "requestType": "ListRolloutsRequest",
         "responseType": "ListRolloutsResponse"
        },
        "GetRollout": {
         "requestType": "GetRolloutRequest",
         "responseType": "RolloutView"
        },
        "WatchRollout": {
         "requestType": "GetRolloutRequest",
         "responseType": "RolloutView",
         "responseStream": true
        },
        "ControlRollout": {
         "requestType": "ControlRolloutRequest",
         "responseType": "RolloutView"
        },
        "LockEnvironment": {
         "requestType": "LockEnvironmentRequest",
         "responseType": "LockView"
        },
        "UnlockEnvironment": {
         "requestType": "UnlockEnvironmentRequest",
         "responseType": "LockView"
        },
        "ListPoison": {
         "requestType": "ListPoisonRequest",
         "responseType": "ListPoisonResponse"
        },
        "ForgivePoison": {
         "requestType": "ForgivePoisonRequest",
         "responseType": "PoisonView"
        },
        "ListNodes": {
         "requestType": "ListNodesRequest",
         "responseType": "ListNodesResponse"
        },
        "GetNode": {
         "requestType": "GetNodeRequest",
         "responseType": "NodeView"
        },
        "WatchNodes": {
         "requestType": "ListNodesRequest",
         "responseType": "ListNodesResponse",
         "responseStream": true
        },
        "LabelNode": {
         "requestType": "LabelNodeRequest",
         "responseType": "NodeView"
        },
        "DecommissionNode": {
         "requestType": "DecommissionNodeRequest",
         "responseType": "DecommissionNodeResponse"
        },
        "CreateToken": {
         "requestType": "CreateTokenRequest",
         "responseType": "TokenView"
        },
        "ListTokens": {
         "requestType": "ListTokensRequest",
         "responseType": "ListTokensResponse"
        },
        "RevokeToken": {
         "requestType": "RevokeTokenRequest",
         "responseType": "TokenView"
        },
        "ShowCa": {
         "requestType": "ShowCaRequest",
         "responseType": "CaView"
        },
        "CreateOperator": {
         "requestType": "CreateOperatorRequest",
         "responseType": "OperatorView"
        },
        "ListOperators": {
         "requestType": "ListOperatorsRequest",
         "responseType": "ListOperatorsResponse"
        },
        "RevokeOperator": {
         "requestType": "RevokeOperatorRequest",
         "responseType": "OperatorView"
        },
        "GetSelf": {
         "requestType": "GetSelfRequest",
         "responseType": "OperatorView"
        },
        "CollectGarbage": {
         "requestType": "CollectGarbageRequest",
         "responseType": "CollectGarbageProgress",
         "responseStream": true
        },
        "VerifyStore": {
         "requestType": "VerifyStoreRequest",
         "responseType": "VerifyStoreProgress",
         "responseStream": true
        },
        "Plan": {
         "requestType": "PlanRequest",
         "responseType": "PlanResponse"
        },
        "Why": {
         "requestType": "WhyRequest",
         "responseType": "WhyResponse"
        },
        "ListEvents": {
         "requestType": "ListEventsRequest",
         "responseType": "Event",
         "responseStream": true
        },
        "CopyDatabase": {
         "requestType": "CopyDatabaseRequest",
         "responseType": "DatabasePiece",
         "responseStream": true
        },
        "VerifyEvents": {
         "requestType": "VerifyEventsRequest",
         "responseType": "VerifyEventsProgress",
         "responseStream": true
        },
        "ListConsumers": {
         "requestType": "ListConsumersRequest",
         "responseType": "ListConsumersResponse"
        },
        "AcknowledgeEvents": {
         "requestType": "AcknowledgeEventsRequest",
         "responseType": "ConsumerView"
        },
        "ForgetConsumer": {
         "requestType": "ForgetConsumerRequest",
         "responseType": "ForgetConsumerResponse"
        },
        "Logs": {
         "requestType": "LogsRequest",
         "responseType": "LogsResponse"
        }
       }
      },
      "ApplyRequest": {
       "fields": {
        "files": {
         "rule": "repeated",
         "type": "SpecFile",
         "id": 1
        },
        "idempotencyKey": {
         "type": "string",
         "id": 2
        },
        "dryRun": {
         "type": "bool",
         "id": 3
        },
        "remove": {
         "rule": "repeated",
         "type": "string",
         "id": 4
        }
       }
      },
      "SpecFile": {
       "fields": {
        "name": {
         "type": "string",
         "id": 1
        },
        "text": {
         "type": "string",
         "id": 2
        }
       }
      },
      "ApplyResponse": {
       "fields": {
        "changes": {
         "rule": "repeated",
         "type": "Change",
         "id": 1
        },
        "warnings": {
         "rule": "repeated",
         "type": "string",
         "id": 2
        }
       }
      },
      "Change": {
       "fields": {
        "kind": {
         "type": "string",
         "id": 1
        },
        "name": {
         "type": "string",
         "id": 2
        },
        "action": {
         "type": "string",
         "id": 3
        },
        "details": {
         "rule": "repeated",
         "type": "string",
         "id": 4
        }
       }
      },
      "ListApplicationsRequest": {
       "fields": {}
      },
      "ListApplicationsResponse": {
       "fields": {
        "applications": {
         "rule": "repeated",
         "type": "ApplicationView",
         "id": 1
        }
       }
      },
      "GetApplicationRequest": {
       "fields": {
        "app": {
         "type": "string",
         "id": 1
        }
       }
      },
      "ApplicationView": {
       "fields": {
        "name": {
         "type": "string",
         "id": 1
        },
        "environments": {
         "rule": "repeated",
         "type": "EnvironmentView",
         "id": 2
        },
        "releases": {
         "type": "uint32",
         "id": 3
        },
        "latestVersion": {
         "type": "string",
         "id": 4
        },
        "spec": {
         "type": "string",
         "id": 5
        },
        "leaving": {
         "rule": "repeated",
         "type": "string",
         "id": 6
        }
       }
      },
      "RemoveApplicationRequest": {
       "fields": {
        "app": {
         "type": "string",
         "id": 1
        },
        "reason": {
         "type": "string",
         "id": 2
        },
        "stop": {
         "type": "bool",
         "id": 3
        },
        "idempotencyKey": {
         "type": "string",
         "id": 4
        }
       }
      },
      "RemoveApplicationResponse": {
       "fields": {
        "leaving": {
         "rule": "repeated",
         "type": "string",
         "id": 1
        }
       }
      },
      "EnvironmentView": {
       "fields": {
        "name": {
         "type": "string",
         "id": 1
        },
        "selector": {
         "type": "string",
         "id": 2
        },
        "strategy": {
         "type": "string",
         "id": 3
        },
        "nodes": {
         "type": "uint32",
         "id": 4
        },
        "version": {
         "type": "string",
         "id": 5
        },
        "digest": {
         "type": "string",
         "id": 6
        },
        "wanted": {
         "type": "string",
         "id": 7
        },
        "promotion": {
         "type": "PromotionView",
         "id": 20
        },
        "autoDeploy": {
         "type": "AutoDeployView",
         "id": 21
        }
       }
      },
      "PromotionView": {
       "fields": {
        "from": {
         "type": "string",
         "id": 1
        },
        "bakeMs": {
         "type": "uint64",
         "id": 2
        },
        "checks": {
         "rule": "repeated",
         "type": "string",
         "id": 3
        },
        "approvals": {
         "type": "uint32",
         "id": 4
        },
        "fourEyes": {
         "type": "bool",
         "id": 5
        }
       }
      },
      "AutoDeployView": {
       "fields": {
        "checks": {
         "rule": "repeated",
         "type": "string",
         "id": 1
        }
       }
      },
      "StatusRequest": {
       "fields": {
        "app": {
         "type": "string",
         "id": 1
        }
       }
      },
      "StatusResponse": {
       "fields": {
        "environments": {
         "rule": "repeated",
         "type": "EnvironmentStatus",
         "id": 1
        }
       }
      },
      "EnvironmentStatus": {
       "fields": {
        "app": {
         "type": "string",
         "id": 1
        },
        "env": {
         "type": "string",
         "id": 2
        },
        "version": {
         "type": "string",
         "id": 3
        },
        "digest": {
         "type": "string",
         "id": 4
        },
        "total": {
         "type": "uint32",
         "id": 5
        },
        "healthy": {
         "type": "uint32",
         "id": 6
        },
        "unhealthy": {
         "type": "uint32",
         "id": 7
        },
        "silent": {
         "type": "uint32",
         "id": 13
        },
        "lost": {
         "type": "uint32",
         "id": 8
        },
        "rollout": {
         "type": "string",
         "id": 9
        },
        "rolloutStatus": {
         "type": "string",
         "id": 10
        },
        "versions": {
         "keyType": "string",
         "type": "uint32",
         "id": 11
        },
        "problems": {
         "rule": "repeated",
         "type": "string",
         "id": 12
        },
        "lock": {
         "type": "LockView",
         "id": 45
        },
        "freeze": {
         "type": "LockView",
         "id": 46
        },
        "window": {
         "type": "WindowView",
         "id": 47
        },
        "config": {
         "type": "uint32",
         "id": 20
        },
        "newestConfig": {
         "type": "uint32",
         "id": 24
        },
        "activeSlot": {
         "type": "string",
         "id": 21
        },
        "next": {
         "type": "NextRelease",
         "id": 30
        }
       }
      },
      "NextRelease": {
       "fields": {
        "version": {
         "type": "string",
         "id": 1
        },
        "lacks": {
         "rule": "repeated",
         "type": "string",
         "id": 2
        }
       }
      },
      "ListConfigsRequest": {
       "fields": {
        "app": {
         "type": "string",
         "id": 1
        },
        "env": {
         "type": "string",
         "id": 2
        }
       }
      },
      "ListConfigsResponse": {
       "fields": {
        "configs": {
         "rule": "repeated",
         "type": "ConfigView",
         "id": 1
        }
       }
      },
      "GetConfigRequest": {
       "fields": {
        "app": {
         "type": "string",
         "id": 1
        },
        "env": {
         "type": "string",
         "id": 2
        },
        "number": {
         "type": "uint32",
         "id": 3
        }
       }
      },
      "ConfigView": {
       "fields": {
        "number": {
         "type": "uint32",
         "id": 1
        },
        "createdAt": {
         "type": "string",
         "id": 2
        },
        "createdBy": {
         "type": "string",
         "id": 3
        },
        "changes": {
         "rule": "repeated",
         "type": "string",
         "id": 4
        },
        "proven": {
         "type": "bool",
         "id": 5
        },
        "values": {
         "keyType": "string",
         "type": "string",
         "id": 6
        }
       }
      },
      "BeginPublishRequest": {
       "fields": {
        "app": {
         "type": "string",
         "id": 1
        },
        "version": {
         "type": "string",
         "id": 2
        }
       }
      },
      "BeginPublishResponse": {
       "fields": {
        "uploadUrl": {
         "type": "string",
         "id": 1
        },
        "ticket": {
         "type": "string",
         "id": 2
        },
        "existingDigest": {
         "type": "string",
         "id": 3
        },
        "bases": {
         "rule": "repeated",
         "type": "ReleaseRef",
         "id": 4
        },
        "store": {
         "type": "string",
         "id": 5
        },
        "assetsUploadUrl": {
         "type": "string",
         "id": 6
        },
        "note": {
         "type": "string",
         "id": 7
        }
       }
      },
      "ClaimObjectsRequest": {
       "fields": {
        "paths": {
         "rule": "repeated",
         "type": "string",
         "id": 1
        },
        "app": {
         "type": "string",
         "id": 2
        },
        "version": {
         "type": "string",
         "id": 3
        }
       }
      },
      "ClaimObjectsResponse": {
       "fields": {}
      },
      "RegisterReleaseRequest": {
       "fields": {
        "app": {
         "type": "string",
         "id": 1
        },
        "release": {
         "type": "ReleaseRef",
         "id": 2
        },
        "idempotencyKey": {
         "type": "string",
         "id": 3
        }
       }
      },
      "RegisterReleaseResponse": {
       "fields": {
        "release": {
         "type": "ReleaseView",
         "id": 1
        },
        "existed": {
         "type": "bool",
         "id": 2
        }
       }
      },
      "ListReleasesRequest": {
       "fields": {
        "app": {
         "type": "string",
         "id": 1
        },
        "limit": {
         "type": "uint32",
         "id": 2
        }
       }
      },
      "ListReleasesResponse": {
       "fields": {
        "releases": {
         "rule": "repeated",
         "type": "ReleaseView",
         "id": 1
        }
       }
      },
      "GetReleaseRequest": {
       "fields": {
        "app": {
         "type": "string",
         "id": 1
        },
        "version": {
         "type": "string",
         "id": 2
        }
       }
      },
      "SignReleaseRequest": {
       "fields": {
        "app": {
         "type": "string",
         "id": 1
        },
        "version": {
         "type": "string",
         "id": 2
        },
        "envelope": {
         "type": "string",
         "id": 3
        },
        "idempotencyKey": {
         "type": "string",
         "id": 4
        }
       }
      },
      "ReleaseView": {
       "fields": {
        "app": {
         "type": "string",
         "id": 1
        },
        "release": {
         "type": "ReleaseRef",
         "id": 2
        },
        "publishedAt": {
         "type": "string",
         "id": 3
        },
        "publishedBy": {
         "type": "string",
         "id": 4
        },
        "environments": {
         "rule": "repeated",
         "type": "string",
         "id": 5
        },
        "stores": {
         "rule": "repeated",
         "type": "string",
         "id": 6
        },
        "retiredAt": {
         "type": "string",
         "id": 7
        },
        "assetUrls": {
         "keyType": "string",
         "type": "string",
         "id": 8
        },
        "checks": {
         "rule": "repeated",
         "type": "CheckView",
         "id": 9
        },
        "standings": {
         "rule": "repeated",
         "type": "StandingView",
         "id": 10
        },
        "poison": {
         "type": "PoisonView",
         "id": 45
        }
       }
      },
      "RecordCheckRequest": {
       "fields": {
        "app": {
         "type": "string",
         "id": 1
        },
        "version": {
         "type": "string",
         "id": 2
        },
        "name": {
         "type": "string",
         "id": 3
        },
        "passed": {
         "type": "bool",
         "id": 4
        },
        "reason": {
         "type": "string",
         "id": 5
        },
        "idempotencyKey": {
         "type": "string",
         "id": 6
        }
       }
      },
      "GateRequest": {
       "fields": {
        "app": {
         "type": "string",
         "id": 1
        },
        "version": {
         "type": "string",
         "id": 2
        },
        "env": {
         "type": "string",
         "id": 3
        },
        "reason": {
         "type": "string",
         "id": 4
        },
        "idempotencyKey": {
         "type": "string",
         "id": 5
        }
       }
      },
      "PromotionResponse": {
       "fields": {
        "release": {
         "type": "ReleaseView",
         "id": 1
        },
        "note": {
         "type": "string",
         "id": 2
        },
        "rollout": {
         "type": "string",
         "id": 3
        }
       }
      },
      "CheckView": {
       "fields": {
        "name": {
         "type": "string",
         "id": 1
        },
        "passed": {
         "type": "bool",
         "id": 2
        },
        "by": {
         "type": "string",
         "id": 3
        },
        "at": {
         "type": "string",
         "id": 4
        },
        "reason": {
         "type": "string",
         "id": 5
        }
       }
      },
      "StandingView": {
       "fields": {
        "env": {
         "type": "string",
         "id": 1
        },
        "lacks": {
         "rule": "repeated",
         "type": "string",
         "id": 2
        },
        "approvals": {
         "rule": "repeated",
         "type": "ApprovalView",
         "id": 3
        },
        "promotion": {
         "type": "ApprovalView",
         "id": 4
        }
       }
      },
      "ApprovalView": {
       "fields": {
        "by": {
         "type": "string",
         "id": 1
        },
        "at": {
         "type": "string",
         "id": 2
        },
        "reason": {
         "type": "string",
         "id": 3
        }
       }
      },
      "CreateOperatorRequest": {
       "fields": {
        "hash": {
         "type": "string",
         "id": 1
        },
        "name": {
         "type": "string",
         "id": 2
        },
        "role": {
         "type": "string",
         "id": 3
        },
        "environments": {
         "rule": "repeated",
         "type": "string",
         "id": 4
        },
        "ttlMs": {
         "type": "uint64",
         "id": 5
        },
        "idempotencyKey": {
         "type": "string",
         "id": 6
        }
       }
      },
      "ListOperatorsRequest": {
       "fields": {}
      },
      "ListOperatorsResponse": {
       "fields": {
        "operators": {
         "rule": "repeated",
         "type": "OperatorView",
         "id": 1
        }
       }
      },
      "RevokeOperatorRequest": {
       "fields": {
        "name": {
         "type": "string",
         "id": 1
        },
        "idempotencyKey": {
         "type": "string",
         "id": 2
        }
       }
      },
      "GetSelfRequest": {
       "fields": {}
      },
      "OperatorView": {
       "fields": {
        "name": {
         "type": "string",
         "id": 1
        },
        "role": {
         "type": "string",
         "id": 2
        },
        "environments": {
         "rule": "repeated",
         "type": "string",
         "id": 3
        },
        "state": {
         "type": "string",
         "id": 4
        },
        "createdBy": {
         "type": "string",
         "id": 5
        },
        "createdAt": {
         "type": "string",
         "id": 6
        },
        "expiresAt": {
         "type": "string",
         "id": 7
        },
        "revokedAt": {
         "type": "string",
         "id": 8
        },
        "usedAt": {
         "type": "string",
         "id": 9
        }
       }
      },
      "CollectGarbageRequest": {
       "fields": {
        "graceMs": {
         "type": "uint64",
         "id": 1
        },
        "dryRun": {
         "type": "bool",
         "id": 2
        }
       }
      },
      "CollectGarbageProgress": {
       "fields": {
        "phase": {
         "type": "string",
         "id": 1
        },
        "done": {
         "type": "uint64",
         "id": 2
        },
        "total": {
         "type": "uint64",
         "id": 3
        },
        "result": {
         "type": "CollectGarbageResult",
         "id": 4
        }
       }
      },
      "CollectGarbageResult": {
       "fields": {
        "retired": {
         "rule": "repeated",
         "type": "string",
         "id": 1
        },
        "removed": {
         "rule": "repeated",
         "type": "ObjectCount",
         "id": 2
        },
        "kept": {
         "rule": "repeated",
         "type": "ObjectCount",
         "id": 3
        },
        "young": {
         "type": "ObjectCount",
         "id": 4
        },
        "unfinished": {
         "type": "uint64",
         "id": 5
        }
       }
      },
      "ObjectCount": {
       "fields": {
        "kind": {
         "type": "string",
         "id": 1
        },
        "objects": {
         "type": "uint64",
         "id": 2
        },
        "bytes": {
         "type": "uint64",
         "id": 3
        }
       }
      },
      "VerifyStoreRequest": {
       "fields": {}
      },
      "VerifyStoreProgress": {
       "fields": {
        "phase": {
         "type": "string",
         "id": 1
        },
        "done": {
         "type": "uint64",
         "id": 2
        },
        "total": {
         "type": "uint64",
         "id": 3
        },
        "problems": {
         "rule": "repeated",
         "type": "StoreProblem",
         "id": 4
        },
        "result": {
         "type": "VerifyStoreResult",
         "id": 5
        }
       }
      },
      "StoreProblem": {
       "fields": {
        "object": {
         "type": "string",
         "id": 1
        },
        "problem": {
         "type": "string",
         "id": 2
        },
        "releases": {
         "rule": "repeated",
         "type": "string",
         "id": 3
        }
       }
      },
      "VerifyStoreResult": {
       "fields": {
        "objects": {
         "type": "uint64",
         "id": 1
        },
        "bytes": {
         "type": "uint64",
         "id": 2
        },
        "releases": {
         "type": "uint64",
         "id": 3
        },
        "problems": {
         "type": "uint64",
         "id": 4
        }
       }
      },
      "DeployRequest": {
       "fields": {
        "app": {
         "type": "string",
         "id": 1
        },
        "version": {
         "type": "string",
         "id": 2
        },
        "env": {
         "type": "string",
         "id": 3
        },
        "reason": {
         "type": "string",
         "id": 4
        },
        "allowEmpty": {
         "type": "bool",
         "id": 5
        },
        "idempotencyKey": {
         "type": "string",
         "id": 6
        },
        "config": {
         "type": "uint32",
         "id": 10
        }
       }
      },
      "RestartRequest": {
       "fields": {
        "app": {
         "type": "string",
         "id": 1
        },
        "env": {
         "type": "string",
         "id": 2
        },
        "reason": {
         "type": "string",
         "id": 3
        },
        "idempotencyKey": {
         "type": "string",
         "id": 4
        }
       }
      },
      "RollbackRequest": {
       "fields": {
        "app": {
         "type": "string",
         "id": 1
        },
        "env": {
         "type": "string",
         "id": 2
        },
        "version": {
         "type": "string",
         "id": 3
        },
        "reason": {
         "type": "string",
         "id": 4
        },
        "idempotencyKey": {
         "type": "string",
         "id": 5
        }
       }
      },
      "DeployResponse": {
       "fields": {
        "rollout": {
         "type": "RolloutView",
         "id": 1
        },
        "superseded": {
         "type": "string",
         "id": 2
        },
        "note": {
         "type": "string",
         "id": 3
        }
       }
      },
      "ListRolloutsRequest": {
       "fields": {
        "app": {
         "type": "string",
         "id": 1
        },
        "env": {
         "type": "string",
         "id": 2
        },
        "activeOnly": {
         "type": "bool",
         "id": 3
        },
        "limit": {
         "type": "uint32",
         "id": 4
        }
       }
      },
      "ListRolloutsResponse": {
       "fields": {
        "rollouts": {
         "rule": "repeated",
         "type": "RolloutView",
         "id": 1
        }
       }
      },
      "GetRolloutRequest": {
       "fields": {
        "id": {
         "type": "string",
         "id": 1
        }
       }
      },
      "RolloutView": {
       "fields": {
        "id": {
         "type": "string",
         "id": 1
        },
        "app": {
         "type": "string",
         "id": 2
        },
        "env": {
         "type": "string",
         "id": 3
        },
        "from": {
         "type": "string",
         "id": 4
        },
        "to": {
         "type": "string",
         "id": 5
        },
        "strategy": {
         "type": "string",
         "id": 6
        },
        "status": {
         "type": "string",
         "id": 7
        },
        "reason": {
         "type": "string",
         "id": 8
        },
        "waves": {
         "rule": "repeated",
         "type": "WaveView",
         "id": 9
        },
        "startedAt": {
         "type": "string",
         "id": 10
        },
        "endedAt": {
         "type": "string",
         "id": 11
        },
        "cause": {
         "type": "string",
         "id": 12
        },
        "requestedBy": {
         "type": "string",
         "id": 13
        },
        "requestedReason": {
         "type": "string",
         "id": 14
        },
        "rollbackOf": {
         "type": "string",
         "id": 15
        },
        "supersededBy": {
         "type": "string",
         "id": 16
        },
        "waitingFor": {
         "type": "string",
         "id": 17
        },
        "total": {
         "type": "uint32",
         "id": 18
        },
        "settled": {
         "type": "uint32",
         "id": 19
        },
        "healthy": {
         "type": "uint32",
         "id": 20
        },
        "failed": {
         "type": "uint32",
         "id": 21
        },
        "staged": {
         "type": "uint32",
         "id": 22
        },
        "config": {
         "type": "uint32",
         "id": 30
        },
        "fromConfig": {
         "type": "uint32",
         "id": 31
        },
        "comparison": {
         "type": "Comparison",
         "id": 32
        },
        "slots": {
         "type": "SlotsView",
         "id": 40
        }
       }
      },
      "Comparison": {
       "fields": {
        "having": {
         "type": "Cohort",
         "id": 1
        },
        "lacking": {
         "type": "Cohort",
         "id": 2
        },
        "differences": {
         "rule": "repeated",
         "type": "string",
         "id": 3
        }
       }
      },
      "Cohort": {
       "fields": {
        "nodes": {
         "type": "uint32",
         "id": 1
        },
        "healthy": {
         "type": "uint32",
         "id": 2
        },
        "unhealthy": {
         "type": "uint32",
         "id": 3
        },
        "away": {
         "type": "uint32",
         "id": 4
        },
        "restarts": {
         "type": "uint32",
         "id": 5
        },
        "restartRate": {
         "type": "double",
         "id": 6
        },
        "pressure": {
         "type": "Pressure",
         "id": 7
        }
       }
      },
      "SlotsView": {
       "fields": {
        "label": {
         "type": "string",
         "id": 1
        },
        "fresh": {
         "type": "string",
         "id": 2
        },
        "old": {
         "type": "string",
         "id": 3
        },
        "active": {
         "type": "string",
         "id": 4
        },
        "step": {
         "type": "string",
         "id": 5
        },
        "towards": {
         "type": "string",
         "id": 6
        }
       }
      },
      "WaveView": {
       "fields": {
        "name": {
         "type": "string",
         "id": 1
        },
        "status": {
         "type": "string",
         "id": 2
        },
        "nodes": {
         "rule": "repeated",
         "type": "RolloutNodeView",
         "id": 3
        }
       }
      },
      "RolloutNodeView": {
       "fields": {
        "name": {
         "type": "string",
         "id": 1
        },
        "phase": {
         "type": "string",
         "id": 2
        },
        "health": {
         "type": "Health",
         "id": 3
        },
        "reason": {
         "type": "string",
         "id": 4
        },
        "logTail": {
         "type": "string",
         "id": 5
        },
        "step": {
         "type": "string",
         "id": 6
        },
        "bytesDone": {
         "type": "uint64",
         "id": 7
        },
        "bytesTotal": {
         "type": "uint64",
         "id": 8
        },
        "pastReturn": {
         "type": "bool",
         "id": 9
        }
       }
      },
      "ControlRolloutRequest": {
       "oneofs": {
        "action": {
         "oneof": [
          "pause",
          "resume",
          "approve",
          "abort",
          "retry",
          "excuse",
          "switch",
          "switchBack",
          "release"
         ]
        }
       },
       "fields": {
        "id": {
         "type": "string",
         "id": 1
        },
        "pause": {
         "type": "Pause",
         "id": 2
        },
        "resume": {
         "type": "Resume",
         "id": 3
        },
        "approve": {
         "type": "Approve",
         "id": 4
        },
        "abort": {
         "type": "Abort",
         "id": 5
        },
        "retry": {
         "type": "NodeNames",
         "id": 6
        },
        "excuse": {
         "type": "NodeNames",
         "id": 7
        },
        "switch": {
         "type": "Switch",
         "id": 20
        },
        "switchBack": {
         "type": "SwitchBack",
         "id": 21
        },
        "release": {
         "type": "ReleaseSlot",
         "id": 22
        },
        "reason": {
         "type": "string",
         "id": 8
        },
        "idempotencyKey": {
         "type": "string",
         "id": 9
        }
       }
      },
      "Pause": {
       "fields": {}
      },
      "Resume": {
       "fields": {}
      },
      "Approve": {
       "fields": {}
      },
      "Abort": {
       "fields": {}
      },
      "Switch": {
       "fields": {}
      },
      "SwitchBack": {
       "fields": {}
      },
      "ReleaseSlot": {
       "fields": {}
      },
      "NodeNames": {
       "fields": {
        "nodes": {
         "rule": "repeated",
         "type": "string",
         "id": 1
        }
       }
      },
      "CreateTokenRequest": {
       "fields": {
        "hash": {
         "type": "string",
         "id": 1
        },
        "labels": {
         "keyType": "string",
         "type": "string",
         "id": 2
        },
        "env": {
         "type": "string",
         "id": 3
        },
        "ttlMs": {
         "type": "uint64",
         "id": 4
        },
        "uses": {
         "type": "uint32",
         "id": 5
        },
        "idempotencyKey": {
         "type": "string",
         "id": 6
        }
       }
      },
      "ListTokensRequest": {
       "fields": {}
      },
      "ListTokensResponse": {
       "fields": {
        "tokens": {
         "rule": "repeated",
         "type": "TokenView",
         "id": 1
        }
       }
      },
      "RevokeTokenRequest": {
       "fields": {
        "id": {
         "type": "string",
         "id": 1
        },
        "idempotencyKey": {
         "type": "string",
         "id": 2
        }
       }
      },
      "TokenView": {
       "fields": {
        "id": {
         "type": "string",
         "id": 1
        },
        "labels": {
         "keyType": "string",
         "type": "string",
         "id": 2
        },
        "env": {
         "type": "string",
         "id": 3
        },
        "createdBy": {
         "type": "string",
         "id": 4
        },
        "createdAt": {
         "type": "string",
         "id": 5
        },
        "expiresAt": {
         "type": "string",
         "id": 6
        },
        "uses": {
         "type": "uint32",
         "id": 7
        },
        "used": {
         "type": "uint32",
         "id": 8
        },
        "state": {
         "type": "string",
         "id": 9
        }
       }
      },
      "ShowCaRequest": {
       "fields": {}
      },
      "CaView": {
       "fields": {
        "pin": {
         "type": "string",
         "id": 1
        },
        "certificate": {
         "type": "string",
         "id": 2
        },
        "serverPin": {
         "type": "string",
         "id": 3
        },
        "installUrl": {
         "type": "string",
         "id": 4
        },
        "operatorAddress": {
         "type": "string",
         "id": 5
        }
       }
      },
      "ListPoisonRequest": {
       "fields": {}
      },
      "ListPoisonResponse": {
       "fields": {
        "poison": {
         "rule": "repeated",
         "type": "PoisonView",
         "id": 1
        }
       }
      },
      "PoisonView": {
       "fields": {
        "digest": {
         "type": "string",
         "id": 1
        },
        "app": {
         "type": "string",
         "id": 2
        },
        "since": {
         "type": "string",
         "id": 3
        },
        "evidence": {
         "rule": "repeated",
         "type": "EvidenceView",
         "id": 4
        }
       }
      },
      "EvidenceView": {
       "fields": {
        "node": {
         "type": "string",
         "id": 1
        },
        "env": {
         "type": "string",
         "id": 2
        },
        "version": {
         "type": "string",
         "id": 3
        },
        "step": {
         "type": "string",
         "id": 4
        },
        "reason": {
         "type": "string",
         "id": 5
        },
        "rollout": {
         "type": "string",
         "id": 6
        },
        "at": {
         "type": "string",
         "id": 7
        },
        "config": {
         "type": "uint32",
         "id": 8
        }
       }
      },
      "ForgivePoisonRequest": {
       "fields": {
        "digest": {
         "type": "string",
         "id": 1
        },
        "reason": {
         "type": "string",
         "id": 2
        },
        "idempotencyKey": {
         "type": "string",
         "id": 3
        }
       }
      },
      "LockEnvironmentRequest": {
       "fields": {
        "app": {
         "type": "string",
         "id": 1
        },
        "env": {
         "type": "string",
         "id": 2
        },
        "kind": {
         "type": "string",
         "id": 3
        },
        "reason": {
         "type": "string",
         "id": 4
        },
        "until": {
         "type": "string",
         "id": 5
        },
        "idempotencyKey": {
         "type": "string",
         "id": 6
        }
       }
      },
      "UnlockEnvironmentRequest": {
       "fields": {
        "app": {
         "type": "string",
         "id": 1
        },
        "env": {
         "type": "string",
         "id": 2
        },
        "kind": {
         "type": "string",
         "id": 3
        },
        "reason": {
         "type": "string",
         "id": 4
        },
        "force": {
         "type": "bool",
         "id": 5
        },
        "idempotencyKey": {
         "type": "string",
         "id": 6
        }
       }
      },
      "LockView": {
       "fields": {
        "scope": {
         "type": "string",
         "id": 1
        },
        "kind": {
         "type": "string",
         "id": 2
        },
        "owner": {
         "type": "string",
         "id": 3
        },
        "reason": {
         "type": "string",
         "id": 4
        },
        "since": {
         "type": "string",
         "id": 5
        },
        "until": {
         "type": "string",
         "id": 6
        }
       }
      },
      "WindowView": {
       "fields": {
        "open": {
         "type": "bool",
         "id": 1
        },
        "until": {
         "type": "string",
         "id": 2
        }
       }
      },
      "ListNodesRequest": {
       "fields": {
        "selector": {
         "type": "string",
         "id": 1
        }
       }
      },
      "ListNodesResponse": {
       "fields": {
        "nodes": {
         "rule": "repeated",
         "type": "NodeView",
         "id": 1
        }
       }
      },
      "GetNodeRequest": {
       "fields": {
        "name": {
         "type": "string",
         "id": 1
        }
       }
      },
      "NodeView": {
       "fields": {
        "name": {
         "type": "string",
         "id": 1
        },
        "labels": {
         "keyType": "string",
         "type": "string",
         "id": 2
        },
        "liveness": {
         "type": "string",
         "id": 3
        },
        "agentVersion": {
         "type": "string",
         "id": 4
        },
        "facts": {
         "type": "HostFacts",
         "id": 5
        },
        "apps": {
         "rule": "repeated",
         "type": "NodeAppView",
         "id": 6
        },
        "allowUnsigned": {
         "type": "bool",
         "id": 7
        },
        "lastSeen": {
         "type": "string",
         "id": 8
        },
        "address": {
         "type": "string",
         "id": 9
        },
        "serving": {
         "type": "Serving",
         "id": 10
        },
        "factsAt": {
         "type": "string",
         "id": 11
        },
        "trustedKeys": {
         "rule": "repeated",
         "type": "string",
         "id": 12
        }
       }
      },
      "NodeAppView": {
       "fields": {
        "app": {
         "type": "string",
         "id": 1
        },
        "env": {
         "type": "string",
         "id": 2
        },
        "version": {
         "type": "string",
         "id": 3
        },
        "digest": {
         "type": "string",
         "id": 4
        },
        "wantedVersion": {
         "type": "string",
         "id": 5
        },
        "wantedIntent": {
         "type": "Intent",
         "id": 6
        },
        "phase": {
         "type": "NodePhase",
         "id": 7
        },
        "health": {
         "type": "Health",
         "id": 8
        },
        "reason": {
         "type": "string",
         "id": 9
        },
        "failure": {
         "type": "StepFailure",
         "id": 10
        },
        "generation": {
         "type": "uint64",
         "id": 11
        },
        "bytesDone": {
         "type": "uint64",
         "id": 12
        },
        "bytesTotal": {
         "type": "uint64",
         "id": 13
        },
        "fetchedFrom": {
         "rule": "repeated",
         "type": "FetchedFrom",
         "id": 14
        },
        "drift": {
         "type": "Drift",
         "id": 15
        },
        "pastReturn": {
         "type": "bool",
         "id": 16
        },
        "restarts": {
         "type": "uint32",
         "id": 25
        },
        "standby": {
         "type": "bool",
         "id": 20
        }
       }
      },
      "LabelNodeRequest": {
       "fields": {
        "name": {
         "type": "string",
         "id": 1
        },
        "set": {
         "keyType": "string",
         "type": "string",
         "id": 2
        },
        "remove": {
         "rule": "repeated",
         "type": "string",
         "id": 3
        },
        "idempotencyKey": {
         "type": "string",
         "id": 4
        }
       }
      },
      "DecommissionNodeRequest": {
       "fields": {
        "name": {
         "type": "string",
         "id": 1
        },
        "reason": {
         "type": "string",
         "id": 2
        },
        "idempotencyKey": {
         "type": "string",
         "id": 3
        }
       }
      },
      "DecommissionNodeResponse": {
       "fields": {}
      },
      "PlanRequest": {
       "fields": {
        "app": {
         "type": "string",
         "id": 1
        },
        "version": {
         "type": "string",
         "id": 2
        },
        "env": {
         "type": "string",
         "id": 3
        },
        "fail": {
         "rule": "repeated",
         "type": "string",
         "id": 4
        },
        "lose": {
         "rule": "repeated",
         "type": "string",
         "id": 5
        },
        "slow": {
         "type": "double",
         "id": 6
        },
        "stepMs": {
         "type": "uint64",
         "id": 7
        },
        "config": {
         "type": "uint32",
         "id": 8
        }
       }
      },
      "PlanResponse": {
       "fields": {
        "app": {
         "type": "string",
         "id": 1
        },
        "env": {
         "type": "string",
         "id": 2
        },
        "from": {
         "type": "string",
         "id": 3
        },
        "to": {
         "type": "string",
         "id": 4
        },
        "strategy": {
         "type": "string",
         "id": 5
        },
        "nodes": {
         "type": "uint32",
         "id": 6
        },
        "status": {
         "type": "string",
         "id": 7
        },
        "reason": {
         "type": "string",
         "id": 8
        },
        "durationMs": {
         "type": "uint64",
         "id": 9
        },
        "waves": {
         "rule": "repeated",
         "type": "PlannedWave",
         "id": 10
        },
        "changes": {
         "rule": "repeated",
         "type": "PlannedChange",
         "id": 11
        },
        "availability": {
         "rule": "repeated",
         "type": "Availability",
         "id": 12
        },
        "capacity": {
         "type": "uint32",
         "id": 13
        },
        "maxUnavailable": {
         "type": "uint32",
         "id": 14
        },
        "floor": {
         "type": "uint32",
         "id": 15
        },
        "skipped": {
         "rule": "repeated",
         "type": "string",
         "id": 16
        },
        "approvals": {
         "rule": "repeated",
         "type": "PlannedApproval",
         "id": 17
        },
        "supersedes": {
         "type": "string",
         "id": 18
        },
        "fetchMs": {
         "type": "uint64",
         "id": 19
        },
        "changeMs": {
         "type": "uint64",
         "id": 20
        },
        "waits": {
         "rule": "repeated",
         "type": "PlannedWait",
         "id": 23
        },
        "obstacles": {
         "rule": "repeated",
         "type": "string",
         "id": 22
        },
        "remarks": {
         "rule": "repeated",
         "type": "string",
         "id": 24
        },
        "learntFrom": {
         "type": "uint32",
         "id": 21
        }
       }
      },
      "PlannedWave": {
       "oneofs": {
        "_beganMs": {
         "oneof": [
          "beganMs"
         ]
        },
        "_completeMs": {
         "oneof": [
          "completeMs"
         ]
        },
        "_endedMs": {
         "oneof": [
          "endedMs"
         ]
        }
       },
       "fields": {
        "name": {
         "type": "string",
         "id": 1
        },
        "status": {
         "type": "string",
         "id": 2
        },
        "reason": {
         "type": "string",
         "id": 3
        },
        "nodes": {
         "type": "uint32",
         "id": 4
        },
        "beganMs": {
         "type": "uint64",
         "id": 5,
         "options": {
          "proto3_optional": true
         }
        },
        "completeMs": {
         "type": "uint64",
         "id": 6,
         "options": {
          "proto3_optional": true
         }
        },
        "endedMs": {
         "type": "uint64",
         "id": 7,
         "options": {
          "proto3_optional": true
         }
        }
       }
      },
      "PlannedChange": {
       "fields": {
        "node": {
         "type": "string",
         "id": 1
        },
        "wave": {
         "type": "string",
         "id": 2
        },
        "beganMs": {
         "type": "uint64",
         "id": 3
        },
        "phase": {
         "type": "string",
         "id": 4
        },
        "endedMs": {
         "type": "uint64",
         "id": 5
        }
       }
      },
      "Availability": {
       "fields": {
        "atMs": {
         "type": "uint64",
         "id": 1
        },
        "serving": {
         "type": "uint32",
         "id": 2
        }
       }
      },
      "PlannedWait": {
       "oneofs": {
        "_untilMs": {
         "oneof": [
          "untilMs"
         ]
        }
       },
       "fields": {
        "atMs": {
         "type": "uint64",
         "id": 1
        },
        "untilMs": {
         "type": "uint64",
         "id": 2,
         "options": {
          "proto3_optional": true
         }
        },
        "what": {
         "type": "string",
         "id": 3
        }
       }
      },
      "PlannedApproval": {
       "fields": {
        "atMs": {
         "type": "uint64",
         "id": 1
        },
        "what": {
         "type": "string",
         "id": 2
        }
       }
      },
      "WhyRequest": {
       "fields": {
        "subject": {
         "type": "string",
         "id": 1
        }
       }
      },
      "WhyResponse": {
       "fields": {
        "kind": {
         "type": "string",
         "id": 1
        },
        "answer": {
         "type": "string",
         "id": 2
        },
        "details": {
         "rule": "repeated",
         "type": "string",
         "id": 3
        },
        "since": {
         "type": "string",
         "id": 4
        },
        "hint": {
         "type": "string",
         "id": 5
        },
        "logTail": {
         "type": "string",
         "id": 6
        }
       }
      },
      "ListEventsRequest": {
       "fields": {
        "afterPosition": {
         "type": "uint64",
         "id": 1
        },
        "since": {
         "type": "string",
         "id": 2
        },
        "follow": {
         "type": "bool",
         "id": 3
        },
        "limit": {
         "type": "uint32",
         "id": 4
        },
        "app": {
         "type": "string",
         "id": 5
        },
        "consumer": {
         "type": "string",
         "id": 6
        }
       }
      },
      "CopyDatabaseRequest": {
       "fields": {}
      },
      "DatabasePiece": {
       "fields": {
        "bytes": {
         "type": "bytes",
         "id": 1
        }
       }
      },
      "VerifyEventsRequest": {
       "fields": {
        "expect": {
         "type": "string",
         "id": 1
        }
       }
      },
      "VerifyEventsProgress": {
       "fields": {
        "since": {
         "type": "uint64",
         "id": 1
        },
        "position": {
         "type": "uint64",
         "id": 2
        },
        "hash": {
         "type": "string",
         "id": 3
        },
        "brokenAt": {
         "type": "uint64",
         "id": 4
        },
        "isEnd": {
         "type": "bool",
         "id": 5
        },
        "expectedAt": {
         "type": "uint64",
         "id": 6
        }
       }
      },
      "ListConsumersRequest": {
       "fields": {}
      },
      "ListConsumersResponse": {
       "fields": {
        "consumers": {
         "rule": "repeated",
         "type": "ConsumerView",
         "id": 1
        }
       }
      },
      "ConsumerView": {
       "fields": {
        "name": {
         "type": "string",
         "id": 1
        },
        "position": {
         "type": "uint64",
         "id": 2
        },
        "newest": {
         "type": "uint64",
         "id": 3
        },
        "createdAt": {
         "type": "string",
         "id": 4
        },
        "movedAt": {
         "type": "string",
         "id": 5
        }
       }
      },
      "AcknowledgeEventsRequest": {
       "fields": {
        "consumer": {
         "type": "string",
         "id": 1
        },
        "position": {
         "type": "uint64",
         "id": 2
        }
       }
      },
      "ForgetConsumerRequest": {
       "fields": {
        "name": {
         "type": "string",
         "id": 1
        }
       }
      },
      "ForgetConsumerResponse": {
       "fields": {}
      },
      "Event": {
       "fields": {
        "position": {
         "type": "uint64",
         "id": 1
        },
        "time": {
         "type": "string",
         "id": 2
        },
        "kind": {
         "type": "string",
         "id": 3
        },
        "actor": {
         "type": "string",
         "id": 4
        },
        "app": {
         "type": "string",
         "id": 5
        },
        "env": {
         "type": "string",
         "id": 6
        },
        "node": {
         "type": "string",
         "id": 7
        },
        "rollout": {
         "type": "string",
         "id": 8
        },
        "message": {
         "type": "string",
         "id": 9
        },
        "reason": {
         "type": "string",
         "id": 10
        }
       }
      },
      "LogsRequest": {
       "fields": {
        "node": {
         "type": "string",
         "id": 1
        },
        "app": {
         "type": "string",
         "id": 2
        },
        "maxBytes": {
         "type": "uint32",
         "id": 3
        }
       }
      },
      "LogsResponse": {
       "fields": {
        "text": {
         "type": "string",
         "id": 1
        }
       }
      },
      "ReleaseRef": {
       "fields": {
        "version": {
         "type": "string",
         "id": 1
        },
        "digest": {
         "type": "string",
         "id": 2
        },
        "manifestSize": {
         "type": "uint64",
         "id": 3
        },
        "layoutDigest": {
         "type": "string",
         "id": 4
        },
        "layoutSize": {
         "type": "uint64",
         "id": 5
        },
        "contentSize": {
         "type": "uint64",
         "id": 6
        },
        "fileCount": {
         "type": "uint64",
         "id": 7
        },
        "packSize": {
         "type": "uint64",
         "id": 8
        },
        "deltas": {
         "rule": "repeated",
         "type": "DeltaRef",
         "id": 9
        },
        "assets": {
         "rule": "repeated",
         "type": "AssetFolder",
         "id": 10
        },
        "database": {
         "type": "DatabaseFact",
         "id": 11
        },
        "envelope": {
         "type": "string",
         "id": 12
        }
       }
      },
      "DatabaseFact": {
       "fields": {
        "reversible": {
         "type": "bool",
         "id": 1
        },
        "timeoutMs": {
         "type": "uint64",
         "id": 2
        }
       }
      },
      "AssetFolder": {
       "fields": {
        "dir": {
         "type": "string",
         "id": 1
        },
        "digest": {
         "type": "string",
         "id": 2
        }
       }
      },
      "DeltaRef": {
       "fields": {
        "from": {
         "type": "string",
         "id": 1
        },
        "digest": {
         "type": "string",
         "id": 2
        },
        "size": {
         "type": "uint64",
         "id": 3
        },
        "rawSize": {
         "type": "uint64",
         "id": 4
        },
        "patchDigest": {
         "type": "string",
         "id": 5
        },
        "patchSize": {
         "type": "uint64",
         "id": 6
        }
       }
      },
      "ReleaseId": {
       "fields": {
        "version": {
         "type": "string",
         "id": 1
        },
        "digest": {
         "type": "string",
         "id": 2
        }
       }
      },
      "Intent": {
       "values": {
        "INTENT_UNSPECIFIED": 0,
        "INTENT_STAGE": 1,
        "INTENT_ACTIVATE": 2,
        "INTENT_REMOVE": 3
       }
      },
      "Assignment": {
       "fields": {
        "app": {
         "type": "string",
         "id": 1
        },
        "env": {
         "type": "string",
         "id": 2
        },
        "generation": {
         "type": "uint64",
         "id": 3
        },
        "intent": {
         "type": "Intent",
         "id": 4
        },
        "release": {
         "type": "ReleaseRef",
         "id": 5
        },
        "config": {
         "keyType": "string",
         "type": "string",
         "id": 6
        },
        "configRevision": {
         "type": "string",
         "id": 7
        },
        "activation": {
         "type": "ActivationPolicy",
         "id": 8
        },
        "rollout": {
         "type": "string",
         "id": 9
        },
        "stores": {
         "rule": "repeated",
         "type": "string",
         "id": 10
        },
        "fetchBytesPerSecond": {
         "type": "uint64",
         "id": 11
        },
        "database": {
         "type": "bool",
         "id": 12
        },
        "standby": {
         "type": "bool",
         "id": 13
        }
       }
      },
      "ActivationPolicy": {
       "fields": {
        "drain": {
         "type": "bool",
         "id": 1
        },
        "restart": {
         "type": "bool",
         "id": 2
        },
        "minHealthyTimeMs": {
         "type": "uint64",
         "id": 3
        },
        "healthDeadlineMs": {
         "type": "uint64",
         "id": 4
        }
       }
      },
      "DesiredState": {
       "fields": {
        "revision": {
         "type": "uint64",
         "id": 1
        },
        "assignments": {
         "rule": "repeated",
         "type": "Assignment",
         "id": 2
        },
        "stores": {
         "rule": "repeated",
         "type": "string",
         "id": 3
        },
        "epoch": {
         "type": "uint64",
         "id": 4
        },
        "restoreId": {
         "type": "string",
         "id": 5
        }
       }
      },
      "NodePhase": {
       "values": {
        "NODE_PHASE_IDLE": 0,
        "NODE_PHASE_STAGING": 1,
        "NODE_PHASE_STAGED": 2,
        "NODE_PHASE_DRAINING": 3,
        "NODE_PHASE_STOPPING": 4,
        "NODE_PHASE_SWITCHING": 5,
        "NODE_PHASE_STARTING": 6,
        "NODE_PHASE_CHECKING": 7,
        "NODE_PHASE_HEALTHY": 8,
        "NODE_PHASE_FAILED": 9,
        "NODE_PHASE_TURNED_BACK": 10,
        "NODE_PHASE_INCONSISTENT": 11,
        "NODE_PHASE_REMOVED": 12
       }
      },
      "Health": {
       "values": {
        "HEALTH_UNKNOWN": 0,
        "HEALTH_HEALTHY": 1,
        "HEALTH_UNHEALTHY": 2
       }
      },
      "StepFailure": {
       "fields": {
        "step": {
         "type": "string",
         "id": 1
        },
        "reason": {
         "type": "string",
         "id": 2
        },
        "logTail": {
         "type": "string",
         "id": 3
        }
       }
      },
      "AppStatus": {
       "fields": {
        "app": {
         "type": "string",
         "id": 1
        },
        "generation": {
         "type": "uint64",
         "id": 2
        },
        "phase": {
         "type": "NodePhase",
         "id": 3
        },
        "health": {
         "type": "Health",
         "id": 4
        },
        "ready": {
         "type": "bool",
         "id": 5
        },
        "current": {
         "type": "ReleaseId",
         "id": 6
        },
        "previous": {
         "type": "ReleaseId",
         "id": 7
        },
        "staged": {
         "rule": "repeated",
         "type": "string",
         "id": 8
        },
        "failure": {
         "type": "StepFailure",
         "id": 9
        },
        "note": {
         "type": "string",
         "id": 10
        },
        "bytesDone": {
         "type": "uint64",
         "id": 11
        },
        "bytesTotal": {
         "type": "uint64",
         "id": 12
        },
        "fetchedFrom": {
         "rule": "repeated",
         "type": "FetchedFrom",
         "id": 13
        },
        "drift": {
         "type": "Drift",
         "id": 14
        },
        "pastReturn": {
         "type": "bool",
         "id": 15
        },
        "restarts": {
         "type": "uint32",
         "id": 20
        },
        "standby": {
         "type": "bool",
         "id": 16
        }
       }
      },
      "Drift": {
       "fields": {
        "total": {
         "type": "uint32",
         "id": 1
        },
        "paths": {
         "rule": "repeated",
         "type": "DriftedPath",
         "id": 2
        }
       }
      },
      "DriftedPath": {
       "fields": {
        "path": {
         "type": "string",
         "id": 1
        },
        "kind": {
         "type": "string",
         "id": 2
        }
       }
      },
      "FetchedFrom": {
       "fields": {
        "source": {
         "type": "string",
         "id": 1
        },
        "bytes": {
         "type": "uint64",
         "id": 2
        }
       }
      },
      "HostFacts": {
       "fields": {
        "os": {
         "type": "string",
         "id": 1
        },
        "kernel": {
         "type": "string",
         "id": 2
        },
        "arch": {
         "type": "string",
         "id": 3
        },
        "hostname": {
         "type": "string",
         "id": 4
        },
        "cpus": {
         "type": "uint32",
         "id": 5
        },
        "memoryTotal": {
         "type": "uint64",
         "id": 6
        },
        "memoryAvailable": {
         "type": "uint64",
         "id": 7
        },
        "diskTotal": {
         "type": "uint64",
         "id": 8
        },
        "diskFree": {
         "type": "uint64",
         "id": 9
        },
        "load1": {
         "type": "double",
         "id": 10
        },
        "uptimeSeconds": {
         "type": "uint64",
         "id": 11
        },
        "nodeVersion": {
         "type": "string",
         "id": 12
        },
        "pressure": {
         "type": "Pressure",
         "id": 13
        }
       }
      },
      "Pressure": {
       "fields": {
        "cpu": {
         "type": "double",
         "id": 1
        },
        "memory": {
         "type": "double",
         "id": 2
        },
        "io": {
         "type": "double",
         "id": 3
        }
       }
      },
      "NodeStatus": {
       "fields": {
        "apps": {
         "rule": "repeated",
         "type": "AppStatus",
         "id": 1
        },
        "facts": {
         "type": "HostFacts",
         "id": 2
        },
        "agentVersion": {
         "type": "string",
         "id": 3
        },
        "allowUnsigned": {
         "type": "bool",
         "id": 4
        },
        "trustedKeys": {
         "rule": "repeated",
         "type": "string",
         "id": 5
        }
       }
      },
      "Serving": {
       "fields": {
        "url": {
         "type": "string",
         "id": 1
        },
        "slots": {
         "type": "uint32",
         "id": 2
        },
        "packs": {
         "rule": "repeated",
         "type": "string",
         "id": 3
        }
       }
      }
     }
    }
   }
  }
 }
};
