// Original file: proto/capstan/v1/operator.proto


export interface ListPoisonRequest {
}

export interface ListPoisonRequest__Output {
}
