// Original file: proto/capstan/v1/operator.proto


export interface ListTokensRequest {
}

export interface ListTokensRequest__Output {
}
