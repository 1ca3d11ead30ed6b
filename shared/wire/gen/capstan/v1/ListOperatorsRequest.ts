// Original file: proto/capstan/v1/operator.proto


export interface ListOperatorsRequest {
}

export interface ListOperatorsRequest__Output {
}
