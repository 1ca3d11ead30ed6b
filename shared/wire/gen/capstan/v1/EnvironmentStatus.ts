// Original file: proto/capstan/v1/operator.proto


export interface EnvironmentStatus {
  'app'?: (string);
  'env'?: (string);
  'version'?: (string);
  'digest'?: (string);
  'total'?: (number);
  'healthy'?: (number);
  'unhealthy'?: (number);
  'lost'?: (number);
  'rollout'?: (string);
  'rolloutStatus'?: (string);
  'versions'?: ({[key: string]: number});
  'problems'?: (string)[];
  'config'?: (number);
}

export interface EnvironmentStatus__Output {
  'app': (string);
  'env': (string);
  'version': (string);
  'digest': (string);
  'total': (number);
  'healthy': (number);
  'unhealthy': (number);
  'lost': (number);
  'rollout': (string);
  'rolloutStatus': (string);
  'versions': ({[key: string]: number});
  'problems': (string)[];
  'config': (number);
}
