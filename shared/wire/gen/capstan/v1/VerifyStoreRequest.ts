// Original file: proto/capstan/v1/operator.proto


export interface VerifyStoreRequest {
}

export interface VerifyStoreRequest__Output {
}
