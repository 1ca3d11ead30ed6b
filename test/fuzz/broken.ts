import fc from 'fast-check';
import type { Target } from './target.js';

const inputs = fc.uint8Array({ minLength: 1, maxLength: 100 }).map((bytes) => Buffer.from(bytes));
const isBad = (input: Buffer): boolean => input.some((byte) => byte > 100);

/** Readers that are wrong in each of the ways that have to be found: they are what the fuzzing is tried with. */
export const brokenTargets: readonly Target[] = [
  {
    name: 'broken-throws',
    inputs,
    read(input) {
      if (isBad(input)) throw new Error('it broke');
      return true;
    },
  },
  {
    name: 'broken-hangs',
    inputs,
    read(input) {
      while (isBad(input));
      return true;
    },
  },
  {
    name: 'broken-grows',
    inputs,
    read(input) {
      const kept: Buffer[] = [];
      while (isBad(input)) kept.push(Buffer.alloc(16 * 1024 * 1024, 1));
      return true;
    },
  },
  {
    name: 'broken-ends',
    inputs,
    read(input) {
      if (isBad(input)) process.exit(3);
      return true;
    },
  },
];
