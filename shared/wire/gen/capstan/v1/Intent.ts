// Original file: proto/capstan/v1/types.proto

export const Intent = {
  INTENT_UNSPECIFIED: 'INTENT_UNSPECIFIED',
  INTENT_STAGE: 'INTENT_STAGE',
  INTENT_ACTIVATE: 'INTENT_ACTIVATE',
  INTENT_REMOVE: 'INTENT_REMOVE',
} as const;

export type Intent =
  | 'INTENT_UNSPECIFIED'
  | 0
  | 'INTENT_STAGE'
  | 1
  | 'INTENT_ACTIVATE'
  | 2
  | 'INTENT_REMOVE'
  | 3

export type Intent__Output = typeof Intent[keyof typeof Intent]
