// Original file: proto/capstan/v1/operator.proto


export interface Switch {
}

export interface Switch__Output {
}
