// Original file: proto/capstan/v1/operator.proto


export interface VerifyEventsRequest {
}

export interface VerifyEventsRequest__Output {
}
