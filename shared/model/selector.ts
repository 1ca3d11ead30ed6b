/** A conjunction of requirements on labels and facts. Parsed from `env=production,zone in (a,b),facts.memory>=8GiB`. */
export interface Selector {
  readonly requirements: readonly Requirement[];
  /** The text it was parsed from, as the operator wrote it. */
  readonly text: string;
}

/** A key that begins with `facts.` names a fact, any other a label. */
export type Requirement =
  /** Values of facts that are numbers are written plainly: `8589934592` for 8GiB. */
  | { readonly kind: 'in'; readonly key: string; readonly values: readonly string[] }
  | { readonly kind: 'notIn'; readonly key: string; readonly values: readonly string[] }
  | { readonly kind: 'exists'; readonly key: string }
  | { readonly kind: 'absent'; readonly key: string }
  | {
      readonly kind: 'compare';
      readonly key: string;
      readonly operator: '<' | '<=' | '>' | '>=';
      /** Sizes in bytes. */
      readonly value: number;
    };
