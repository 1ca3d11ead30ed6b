// Original file: proto/capstan/v1/operator.proto


export interface Abort {
}

export interface Abort__Output {
}
