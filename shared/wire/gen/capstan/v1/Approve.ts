// Original file: proto/capstan/v1/operator.proto


export interface Approve {
}

export interface Approve__Output {
}
