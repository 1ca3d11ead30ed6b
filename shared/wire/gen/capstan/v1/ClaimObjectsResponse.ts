// Original file: proto/capstan/v1/operator.proto


export interface ClaimObjectsResponse {
}

export interface ClaimObjectsResponse__Output {
}
