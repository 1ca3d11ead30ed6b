// Original file: proto/capstan/v1/operator.proto


export interface SlotsView {
  'label'?: (string);
  'fresh'?: (string);
  'old'?: (string);
  'active'?: (string);
  'step'?: (string);
  'towards'?: (string);
}

export interface SlotsView__Output {
  'label': (string);
  'fresh': (string);
  'old': (string);
  'active': (string);
  'step': (string);
  'towards': (string);
}
