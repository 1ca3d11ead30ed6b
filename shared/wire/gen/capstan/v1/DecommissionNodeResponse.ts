// Original file: proto/capstan/v1/operator.proto


export interface DecommissionNodeResponse {
}

export interface DecommissionNodeResponse__Output {
}
