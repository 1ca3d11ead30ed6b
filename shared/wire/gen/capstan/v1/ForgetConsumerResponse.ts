// Original file: proto/capstan/v1/operator.proto


export interface ForgetConsumerResponse {
}

export interface ForgetConsumerResponse__Output {
}
