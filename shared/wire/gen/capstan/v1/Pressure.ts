// Original file: proto/capstan/v1/types.proto


export interface Pressure {
  'cpu'?: (number | string);
  'memory'?: (number | string);
  'io'?: (number | string);
}

export interface Pressure__Output {
  'cpu': (number);
  'memory': (number);
  'io': (number);
}
