// Original file: proto/capstan/v1/operator.proto


export interface ShowCaRequest {
}

export interface ShowCaRequest__Output {
}
