// Original file: proto/capstan/v1/operator.proto


export interface SwitchBack {
}

export interface SwitchBack__Output {
}
