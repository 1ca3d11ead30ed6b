// Original file: proto/capstan/v1/types.proto

export const Health = {
  HEALTH_UNKNOWN: 'HEALTH_UNKNOWN',
  HEALTH_HEALTHY: 'HEALTH_HEALTHY',
  HEALTH_UNHEALTHY: 'HEALTH_UNHEALTHY',
} as const;

export type Health =
  | 'HEALTH_UNKNOWN'
  | 0
  | 'HEALTH_HEALTHY'
  | 1
  | 'HEALTH_UNHEALTHY'
  | 2

export type Health__Output = typeof Health[keyof typeof Health]
