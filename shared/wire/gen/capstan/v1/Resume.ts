// Original file: proto/capstan/v1/operator.proto


export interface Resume {
}

export interface Resume__Output {
}
