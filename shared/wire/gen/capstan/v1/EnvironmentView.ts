// Original file: proto/capstan/v1/operator.proto


export interface EnvironmentView {
  'name'?: (string);
  'selector'?: (string);
  'strategy'?: (string);
  'nodes'?: (number);
  'version'?: (string);
  'digest'?: (string);
  'wanted'?: (string);
}

export interface EnvironmentView__Output {
  'name': (string);
  'selector': (string);
  'strategy': (string);
  'nodes': (number);
  'version': (string);
  'digest': (string);
  'wanted': (string);
}
