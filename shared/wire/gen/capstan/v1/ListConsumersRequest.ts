// Original file: proto/capstan/v1/operator.proto


export interface ListConsumersRequest {
}

export interface ListConsumersRequest__Output {
}
