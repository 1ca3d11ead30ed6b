import type { Outcome } from '../support/command.js';
import { median } from '../support/figures.js';
import type { Traffic } from '../support/nginx.js';

export type Operation = 'update' | 'cold';

/** What one method took for one operation over one link: medians. */
export interface Cell {
  readonly method: string;
  readonly operation: Operation;
  readonly link: string;
  readonly runs: number;
  /** What the node received. */
  readonly bytes: number;
  readonly requests: number;
  readonly wallMs: number;
  readonly cpuMs: number;
}

export type Sample = Outcome & Traffic;

export function cellOf(where: Pick<Cell, 'method' | 'operation' | 'link'>, samples: readonly Sample[]): Cell {
  const of = (value: (sample: Sample) => number): number => median(samples.map(value));
  return {
    ...where,
    runs: samples.length,
    bytes: of(({ bytes }) => bytes),
    requests: of(({ requests }) => requests),
    wallMs: of(({ wallMs }) => wallMs),
    cpuMs: of(({ cpuMs }) => cpuMs),
  };
}
