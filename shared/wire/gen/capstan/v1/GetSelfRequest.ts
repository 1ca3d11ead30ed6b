// Original file: proto/capstan/v1/operator.proto


export interface GetSelfRequest {
}

export interface GetSelfRequest__Output {
}
