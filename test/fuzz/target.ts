import type fc from 'fast-check';

/** Something that reads what anybody may have written. */
export interface Target {
  readonly name: string;
  /** Inputs that are nearly right: made of real ones, with something wrong here and there. */
  readonly inputs: fc.Arbitrary<Buffer>;
  /**
   * Reads one. Refusing it with a sentence is right, and so is taking it if all holds that is promised of what is taken.
   * @returns whether it was taken
   * @throws Error that says what is wrong with the reader
   */
  readonly read: (input: Buffer) => boolean | Promise<boolean>;
}

/** What a process of its own tries. */
export interface FuzzJob {
  readonly target: string;
  readonly seed: number;
  readonly seconds: number;
  /** Where the input is kept that is being read, for whoever finds that it never ends. */
  readonly currentFile: string;
}

/** What it prints in the end, as JSON. */
export type FuzzResult =
  | { readonly kind: 'held'; readonly inputs: number; readonly taken: number; readonly slowestMs: number }
  | {
      readonly kind: 'found';
      /** Brings it back by itself. */
      readonly seed: number;
      readonly problem: string;
      /** The smallest input that still does it, in Base64. */
      readonly input: string;
    };
