/** A conjunction of requirements on labels. Parsed from `env=production,zone in (a,b),!canary`. */
export interface Selector {
  readonly requirements: readonly Requirement[];
  /** The text it was parsed from, as the operator wrote it. */
  readonly text: string;
}

export type Requirement =
  | { readonly kind: 'in'; readonly key: string; readonly values: readonly string[] }
  | { readonly kind: 'notIn'; readonly key: string; readonly values: readonly string[] }
  | { readonly kind: 'exists'; readonly key: string }
  | { readonly kind: 'absent'; readonly key: string };
