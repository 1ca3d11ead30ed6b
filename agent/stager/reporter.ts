import type { StagerProgress } from './protocol.js';

/** What a job tells while it runs. */
export interface Reporter {
  progress(step: StagerProgress['step'], bytesDone: number, bytesTotal: number): void;
  /** Why it waits; '' when it goes on. */
  note(text: string): void;
}
