import type { CapstanError } from '../../shared/model/errors.js';
import type { StagerError } from './protocol.js';

/** What a stage job failed with, and in which step of the lifecycle. */
export class StageFailure extends Error {
  override readonly name = 'StageFailure';
  readonly step: StagerError['step'];
  readonly reason: CapstanError;
  constructor(step: StagerError['step'], reason: CapstanError) {
    super(reason.message, { cause: reason });
    this.step = step;
    this.reason = reason;
  }
}
