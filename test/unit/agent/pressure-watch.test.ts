import { expect } from 'chai';
import { watchPressure } from '../../../agent/pressure-watch.js';
import { createSignal } from '../../../agent/wake.js';
import type { Clock } from '../../../shared/ports/clock.js';
import { eventually } from '../../support/eventually.js';

/** A clock that goes on when it is told to. */
class HandClock implements Clock {
  readonly asked: number[] = [];
  #wake: (() => void) | undefined;

  now(): number {
    return 0;
  }

  monotonic(): number {
    return 0;
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    this.asked.push(ms);
    return new Promise((resolve, reject) => {
      this.#wake = resolve;
      signal.addEventListener('abort', () => {
        reject(new Error('aborted'));
      });
    });
  }

  pass(): void {
    this.#wake?.();
  }
}

describe('the watch for pressure after an activation', () => {
  it('looks three times, begins anew with the next one, and rests otherwise', async () => {
    const clock = new HandClock();
    const settled = createSignal();
    const told: number[] = [];
    let reads = 0;
    const read = () => {
      reads += 1;
      return Promise.resolve(reads === 2 ? undefined : { cpu: reads, memory: 0, io: 0 });
    };
    const over = new AbortController();
    const watching = watchPressure(
      { settled, clock, read, onPressure: ({ cpu }) => told.push(cpu) },
      over.signal,
    );
    settled.notify();
    await eventually(() => clock.asked.length === 1);
    clock.pass();
    await eventually(() => clock.asked.length === 2);
    settled.notify();
    await eventually(() => clock.asked.length === 3);
    for (const times of [4, 5]) {
      clock.pass();
      await eventually(() => clock.asked.length === times);
    }
    clock.pass();
    await eventually(() => told.length === 3);
    expect(clock.asked).to.deep.equal([15_000, 45_000, 15_000, 45_000, 240_000]);
    expect(told, 'one could not be read').to.deep.equal([1, 3, 4]);
    over.abort();
    await watching;
    expect(reads).to.equal(4);
  });
});
