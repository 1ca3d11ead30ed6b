// Original file: proto/capstan/v1/operator.proto


export interface ReleaseSlot {
}

export interface ReleaseSlot__Output {
}
