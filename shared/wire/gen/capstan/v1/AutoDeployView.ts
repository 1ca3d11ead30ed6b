// Original file: proto/capstan/v1/operator.proto


export interface AutoDeployView {
  'checks'?: (string)[];
}

export interface AutoDeployView__Output {
  'checks': (string)[];
}
