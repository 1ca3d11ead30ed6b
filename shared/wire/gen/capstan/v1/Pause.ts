// Original file: proto/capstan/v1/operator.proto


export interface Pause {
}

export interface Pause__Output {
}
